import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StudioError, toStudioError } from '../../src/base/errors.ts';
import { type StallTimer, stallTimer } from '../../src/base/stall-timer.ts';
import { ifMissing } from '../../src/platform/node/if-missing.ts';
import { orStorageError } from '../../src/platform/node/storage-failure.ts';
import { judgeAnswer, type Known } from './download-answer.ts';
import { type AddressPorts, openAddress, REAL_PORTS } from './open-address.ts';

/** What a download may cost, and the ways out: a test replaces them. */
export interface DownloadLimits extends AddressPorts {
  /** A server that sends nothing for so long is taken as broken off. */
  readonly stallMs: number;
  /** Tries in a row that bring not a byte. */
  readonly tries: number;
  /** Before the second of such tries; twice that before the third, and so on, up to a quarter of a minute. */
  readonly pauseMs: number;
  /** More than this is never written. */
  readonly maxBytes: number;
}

const REAL: DownloadLimits = { ...REAL_PORTS, stallMs: 30_000, tries: 6, pauseMs: 500, maxBytes: 2 ** 37 };
const LONGEST_PAUSE_MS = 15_000;
type Bytes = Uint8Array<ArrayBuffer>;

/** So much is gathered before it is written and handed on. */
const PIECE_BYTES = 1 << 18;

export interface Download {
  readonly address: string;
  /** The file that it becomes. Until it is whole it is `path.part`; `path.json` beside it says where it comes from. */
  readonly path: string;
  /** What it is, for messages: "archive". */
  readonly what: string;
  /** Two addresses with one identity give the same bytes; the address itself where left out. */
  readonly identity?: string;
  readonly signal: AbortSignal;
  /** Hears full sentences: that it goes on, that it begins anew. */
  readonly say: (line: string) => void;
  /** Hears what the server says of the whole's length, before the first new byte. */
  readonly onLength?: (byteLength: number | null) => void;
  readonly limits?: Partial<DownloadLimits>;
}

/** True for the error after which the same download begins anew: what was handed on is not what the server has now. */
export function hasChanged(thrown: unknown): boolean {
  return thrown instanceof StudioError && thrown.details.changed === true;
}

/**
 * All bytes of a file at an http(s) address, from the first on, in pieces that are the caller's: those that an earlier
 * attempt has written, then the rest as it arrives and is written. A connection that breaks off, stalls or is refused for
 * a while is tried again from where it was; a server that ignores ranges is read from its beginning and what is there
 * already is passed over. Ended at any moment, also by SIGKILL, the same call goes on.
 *
 * Throws `network` for what no other try mends, with `changed` in its details where the server has another file by now
 * (then nothing of the old one is left); `storage` where it cannot be written, or a file of that name is somebody else's;
 * `cancelled`.
 */
export async function* resumableDownload(download: Download): AsyncGenerator<Bytes, void, undefined> {
  const { path, signal, limits: changes } = download;
  const limits = { ...REAL, ...changes };
  const part = `${path}.part`;
  const identity = download.identity ?? withoutPassword(download.address);
  const before = await readNote(path);
  await refuseForeign(path, part, before, identity);
  if (before?.identity === identity && (await sizeOf(path)) !== null) {
    yield* fileBytes(path, signal);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  // Another source's rest, under the same name, is of no use.
  if (before !== null && before.identity !== identity) await rm(part, { force: true });
  let known: Known = before !== null && before.identity === identity ? before : { identity, ...NOTHING };
  await writeNote(path, known);
  let have = (await sizeOf(part)) ?? 0;
  if (have > 0) yield* fileBytes(part, signal);

  const file = await stored(path, () => open(part, 'a'));
  try {
    let failures = 0;
    let ranges = true;
    while (known.byteLength === null || have < known.byteLength) {
      const from = ranges ? have : 0;
      const stall = stallTimer(limits.stallMs, signal);
      stall.restart();
      try {
        const { response, url } = await openAddress(
          download.address,
          download.what,
          { headers: headersFor(from, known), signal: stall.signal },
          limits,
        );
        const verdict = judgeAnswer(response, url, { from, have, known, what: download.what });
        if (verdict.kind !== 'body') response.destroy();
        if (verdict.kind === 'whole') break;
        if (verdict.kind === 'other-range') {
          ranges = false;
          throw verdict.error;
        }
        if (verdict.kind === 'changed') {
          // The note last: without it what is there would be somebody else's.
          for (const name of [part, `${path}.json`]) await rm(name, { force: true });
          throw new StudioError('network', verdict.reason, { changed: true });
        }
        if (verdict.kind === 'refused') throw verdict.error;
        known = { ...known, ...verdict.known };
        await writeNote(path, known);
        download.onLength?.(known.byteLength);
        const before = have;
        let skip = have - verdict.from;
        for await (const arrived of chunks(response, stall)) {
          const fresh = withoutFirst(arrived, skip);
          skip = Math.max(0, skip - byteLengthOf(arrived));
          const byteLength = byteLengthOf(fresh);
          if (byteLength === 0) continue;
          if (have === 0) refusePage(fresh[0] ?? new Uint8Array(), download.what);
          refuseEndless(have + byteLength, known.byteLength, limits.maxBytes, download.what);
          await stored(path, () => writeAll(file, fresh));
          have += byteLength;
          failures = 0;
          yield* fresh;
        }
        if (known.byteLength === null) break;
        if (have === before) throw new Error('the server sent nothing');
      } catch (thrown) {
        if (signal.aborted) throw toStudioError(new DOMException('Stopped', 'AbortError'));
        if (!mayTryAgain(thrown, stall.stalled)) throw thrown;
        failures += 1;
        if (failures >= limits.tries) throw givenUp(thrown, have, limits.tries, stall.stalled);
      } finally {
        stall.end();
      }
      if (known.byteLength !== null && have >= known.byteLength) break;
      // What has brought bytes is asked again at once.
      const waitMs = failures < 2 ? 0 : Math.min(limits.pauseMs * 2 ** (failures - 2), LONGEST_PAUSE_MS);
      download.say(`The connection broke with ${have} bytes there; going on from them.`);
      await pause(waitMs, null, { signal }).catch(() => {
        throw toStudioError(new DOMException('Stopped', 'AbortError'));
      });
    }
    await stored(path, () => file.sync());
  } finally {
    await file.close();
  }
  await stored(path, () => rename(part, path));
}

/** Deletes what a download has written, so that the next one begins anew. */
export async function forgetDownload(path: string): Promise<void> {
  for (const name of [`${path}.part`, path, `${path}.json`]) await rm(name, { force: true });
}

const NOTHING = { etag: null, lastModified: null, byteLength: null } as const;

function headersFor(from: number, { etag, lastModified }: Known) {
  // A weak tag does not promise the same bytes.
  const validator = etag !== null && !etag.startsWith('W/') ? etag : lastModified;
  return {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'detrain',
    ...(from > 0 ? { range: `bytes=${from}-` } : {}),
    ...(from > 0 && validator !== null ? { 'if-range': validator } : {}),
  };
}

/** The body's chunks as they came, about 256 KiB of them at a time; what came before it breaks off is given first. */
async function* chunks(response: IncomingMessage, stall: StallTimer): AsyncGenerator<Bytes[], void, undefined> {
  let waiting: Bytes[] = [];
  let byteLength = 0;
  let failure: unknown = null;
  const body: AsyncIterator<Buffer<ArrayBuffer>> = response[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await body.next().catch((thrown: unknown) => {
        failure = thrown ?? new Error('broken off');
        return null;
      });
      if (next === null || next.done === true) break;
      stall.restart();
      const { value } = next;
      waiting.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      byteLength += value.byteLength;
      if (byteLength < PIECE_BYTES) continue;
      yield waiting;
      waiting = [];
      byteLength = 0;
    }
    if (byteLength > 0) yield waiting;
    if (failure !== null) throw failure;
  } finally {
    response.destroy();
  }
}

function byteLengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function withoutFirst(chunks: readonly Bytes[], bytes: number): Bytes[] {
  let skip = bytes;
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.min(skip, chunk.byteLength));
    skip -= chunk.byteLength - rest.byteLength;
    return rest.byteLength === 0 ? [] : [rest];
  });
}

async function* fileBytes(path: string, signal: AbortSignal): AsyncGenerator<Bytes, void, undefined> {
  for await (const chunk of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    if (signal.aborted) throw toStudioError(new DOMException('Stopped', 'AbortError'));
    const bytes = chunk as Buffer<ArrayBuffer>;
    yield new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

async function writeAll(file: FileHandle, chunks: readonly Bytes[]): Promise<void> {
  const { bytesWritten } = await file.writev([...chunks]);
  // Seldom: the system took less than all.
  for (const rest of withoutFirst(chunks, bytesWritten)) {
    let at = 0;
    while (at < rest.byteLength) at += (await file.write(rest, at)).bytesWritten;
  }
}

function refusePage(first: Uint8Array, what: string): void {
  const start = new TextDecoder('latin1').decode(first.subarray(0, 64)).trimStart();
  if (!/^<(!doctype html|html)/i.test(start)) return;
  throw new StudioError('network', `It is a web page, not the ${what}; give the ${what}'s own address, or a mirror's.`);
}

function refuseEndless(byteLength: number, promised: number | null, maxBytes: number, what: string): void {
  if (byteLength <= (promised ?? maxBytes)) return;
  const found = promised === null ? `more than ${maxBytes} bytes` : `more than the ${promised} bytes that it named`;
  throw new StudioError('network', `The server sends ${found}; expected the ${what}. Try another mirror.`);
}

function mayTryAgain(thrown: unknown, stalled: boolean): boolean {
  if (!(thrown instanceof StudioError)) return true;
  return stalled || thrown.details.unreachable === true;
}

function givenUp(thrown: unknown, have: number, tries: number, stalled: boolean): StudioError {
  const why = stalled
    ? 'the server sends nothing'
    : thrown instanceof Error
      ? thrown.message.replace(/\.$/, '')
      : String(thrown);
  const message = `${tries} tries in a row brought nothing more after ${have} bytes (${why}). What is there is kept: the same command goes on from it. Try later, or another mirror.`;
  return new StudioError('network', message, {}, { cause: thrown });
}

async function refuseForeign(path: string, part: string, note: Known | null, identity: string): Promise<void> {
  if (note !== null) {
    if (note.identity === identity || (await sizeOf(path)) === null) return;
    const message = `${path} came from elsewhere (${note.identity}); nothing was overwritten. Move it away, or give another folder with --out.`;
    throw new StudioError('storage', message);
  }
  for (const name of [path, part, `${path}.json`]) {
    if ((await stat(name).catch(ifMissing(null))) === null) continue;
    const message = `${name} is there already and was not fetched by this command; nothing was overwritten. Move it away, or give its path in place of the address.`;
    throw new StudioError('storage', message);
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(ifMissing(null)))?.size ?? null;
}

/** What is known of an earlier attempt, or null where there was none; a note that a kill cut off is none either. */
async function readNote(path: string): Promise<Known | null> {
  const text = await readFile(`${path}.json`, 'utf8').catch(ifMissing(null));
  if (text === null) return null;
  try {
    const note = JSON.parse(text) as Partial<Known>;
    if (typeof note.identity !== 'string') return null;
    const { identity, etag = null, lastModified = null, byteLength = null } = note;
    return { identity, etag, lastModified, byteLength };
  } catch {
    return null;
  }
}

async function writeNote(path: string, note: Known): Promise<void> {
  await stored(path, async () => {
    await writeFile(`${path}.json.writing`, `${JSON.stringify(note, null, 2)}\n`);
    await rename(`${path}.json.writing`, `${path}.json`);
  });
}

function stored<T>(path: string, work: () => Promise<T>): Promise<T> {
  const words = { failed: `${path} could not be written`, whenFull: 'Free some space and give the same command.' };
  return orStorageError(words, work);
}

function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
}
