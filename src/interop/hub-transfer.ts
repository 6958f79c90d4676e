import { createSHA256, type IHasher } from 'hash-wasm';
import { isPartAt, type ServerAnswer } from '../base/ask-server.ts';
import { bytesText } from '../base/bytes-text.ts';
import { StudioError } from '../base/errors.ts';
import { type HubName, hubNameText } from '../base/hub-models.ts';
import { keepTrying } from '../base/keep-trying.ts';
import { hashSource } from './hash-source.ts';
import { resolvePath, tagOf } from './hub-listing.ts';
import { refusalOf } from './hub-refusal.ts';
import { askHub, type Hub, hostOf } from './hub-request.ts';
import type { HubFile, HubStore } from './types.ts';

/**
 * What is kept at once, and read back at once: small beside a model, so that loading one takes little more than itself, and far
 * below what a browser takes in one value.
 */
export const HUB_CHUNK_BYTES = 8 * 2 ** 20;

/** How often a file is begun anew because what was kept cannot be gone on from. */
const MOST_RESTARTS = 2;

export interface HubTransfer {
  readonly hub: Hub;
  readonly name: HubName;
  readonly store: HubStore;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Hears how much of the file is here. */
  readonly onBytes: (bytes: number) => void;
  /** Hears the tag that the sender gave the file, before its first byte is kept. */
  readonly onTag: (etag: string | null) => Promise<void>;
}

/** Where a file stands. */
interface Standing {
  at: number;
  etag: string | null;
  hash: IHasher;
}

/**
 * Fetches one file into the store and checks it: what is kept of it is gone on from by range, where the sender can and its tag
 * is the same; else it is begun anew. Returns the file with its length.
 *
 * Throws `network` where it breaks off for good (what came is kept), where its length or sha256 is another than the hub says
 * (it is thrown away), `not-found`, `storage`, `cancelled`.
 */
export async function fetchHubFile(file: HubFile, transfer: HubTransfer): Promise<HubFile> {
  const { store, name, hub } = transfer;
  const model = hubNameText(name);
  const standing = await standingOf(file, transfer);
  const begunAt = standing.at;
  let restarts = 0;
  const goOn = async (): Promise<boolean> => {
    if (await receive(file, standing, transfer)) return true;
    restarts += 1;
    if (restarts > MOST_RESTARTS) throw other(file, model, hub, 'is another one at each request');
    await beginAnew(standing, transfer, file.name);
    return false;
  };
  if (standing.at !== file.byteLength) {
    const { wait, signal } = transfer;
    await keepTrying(goOn, { at: () => standing.at, hasBegun: () => standing.at !== begunAt, wait, signal });
  }
  const sha256 = standing.hash.digest('hex');
  if (file.sha256 !== null && sha256 !== file.sha256) {
    await store.removeFile(model, file.name);
    throw other(
      file,
      model,
      hub,
      `has the sha256 ${sha256.slice(0, 12)}..., and the hub lists ${file.sha256.slice(0, 12)}...`,
    );
  }
  return { ...file, byteLength: standing.at, sha256, etag: standing.etag };
}

/** Takes up what is kept, reading it once for its hash. */
async function standingOf(file: HubFile, { store, name, onBytes }: HubTransfer): Promise<Standing> {
  const model = hubNameText(name);
  const hash = await createSHA256();
  hash.init();
  let at = await store.keptBytes(model, file.name);
  if (file.byteLength !== null && at > file.byteLength) {
    await store.removeFile(model, file.name);
    at = 0;
  }
  if (at > 0) await hashSource(hash, await store.source(model, file.name), at, HUB_CHUNK_BYTES);
  onBytes(at);
  return { at, etag: file.etag, hash };
}

async function beginAnew(standing: Standing, { store, name, onBytes }: HubTransfer, file: string): Promise<void> {
  await store.removeFile(hubNameText(name), file);
  standing.at = 0;
  standing.etag = null;
  standing.hash.init();
  onBytes(0);
}

/** One request for the rest; false where what is kept cannot be gone on from. Throws `network` where the body ends early. */
async function receive(file: HubFile, standing: Standing, transfer: HubTransfer): Promise<boolean> {
  const { hub, name, signal } = transfer;
  const answer = await askHub(
    hub,
    {
      path: resolvePath(name, file.name),
      what: `${file.name} of ${hubNameText(name)}`,
      ...(standing.at > 0 && { range: `bytes=${standing.at}-` }),
    },
    signal,
  );
  const goesOn = standing.at > 0;
  if (goesOn && !fitsOn(answer, file, standing)) {
    answer.drop();
    // Past its end, the whole of it, or a part of something else: what is kept is of no use.
    if ([200, 206, 416].includes(answer.status)) return false;
    throw refusalOf(hub, name, file.name, answer);
  }
  if (!goesOn && answer.status !== 200) {
    answer.drop();
    throw refusalOf(hub, name, file.name, answer);
  }
  if (!goesOn) {
    standing.etag = tagOf(answer.headers.get('etag'));
    await transfer.onTag(standing.etag);
  }
  await keepBody(answer, file, standing, transfer);
  if (file.byteLength === null || standing.at === file.byteLength) return true;
  const found = `${bytesText(standing.at)} of ${bytesText(file.byteLength)}`;
  const message = `${hostOf(hub)} ended ${file.name} of ${hubNameText(name)} after ${found}. Try again: what came is kept, and it goes on from there.`;
  throw new StudioError('network', message, { host: hostOf(hub), file: file.name });
}

/** Whether an answer is the rest of what is kept. A browser may hide headers: the sha256 decides in the end. */
function fitsOn({ status, headers }: ServerAnswer, file: HubFile, standing: Standing): boolean {
  if (status !== 206) return false;
  const etag = tagOf(headers.get('etag'));
  if (etag !== null && standing.etag !== null && etag !== standing.etag) return false;
  return isPartAt(headers, standing.at, file.byteLength);
}

/** Keeps the body a chunk at a time; what came before it broke off is kept as well. */
async function keepBody(
  answer: ServerAnswer,
  file: HubFile,
  standing: Standing,
  { hub, name, store, onBytes }: HubTransfer,
): Promise<void> {
  const model = hubNameText(name);
  const room = new Uint8Array(Math.min(HUB_CHUNK_BYTES, file.byteLength ?? HUB_CHUNK_BYTES));
  let filled = 0;
  const keep = async (): Promise<void> => {
    if (filled === 0) return;
    const bytes = room.subarray(0, filled);
    await store.append(model, file.name, standing.at, bytes);
    standing.hash.update(bytes);
    standing.at += filled;
    filled = 0;
  };
  try {
    for await (const received of answer.body()) {
      if (file.byteLength !== null && standing.at + filled + received.byteLength > file.byteLength) {
        await store.removeFile(model, file.name);
        filled = 0;
        throw other(file, model, hub, `goes on past its ${bytesText(file.byteLength)}`);
      }
      for (let from = 0; from < received.byteLength; ) {
        const part = received.subarray(from, from + room.byteLength - filled);
        room.set(part, filled);
        filled += part.byteLength;
        from += part.byteLength;
        if (filled === room.byteLength) await keep();
      }
      onBytes(standing.at + filled);
    }
  } finally {
    await keep();
  }
}

function other(file: HubFile, model: string, hub: Hub, found: string): StudioError {
  return new StudioError(
    'network',
    `${file.name} of ${model} as ${hostOf(hub)} sent it ${found}. It was thrown away: fetch it again, and where that stays so, from another hub or another network, since something on the way changes it.`,
    { host: hostOf(hub), file: file.name, isFinal: true },
  );
}
