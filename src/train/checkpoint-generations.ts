import { createSHA256 } from 'hash-wasm';
import { bytesText } from '../base/bytes-text.ts';
import { StudioError } from '../base/errors.ts';
import type { CheckpointKind, CheckpointManifest, KeptRecords, RecordKey } from './types.ts';

/** Where checkpoints lie: each save is a generation of its own, never written over. */
export type CheckpointRecords = KeptRecords<ArrayBuffer | CheckpointManifest>;

export interface LoadedCheckpoint {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Newer saves that were damaged and therefore passed over. */
  readonly refused: number;
}

/** Well below what a browser takes in one value (133,169,152 bytes in Chromium). */
const CHUNK_BYTES = 32 * 2 ** 20;

/** The newest and the one before it, which loads where the newest is found damaged. */
const KEPT_GENERATIONS = 2;

/** How often a load begins again because a save came in between. */
const LOAD_ATTEMPTS = 3;

interface Generation {
  readonly number: number;
  readonly isComplete: boolean;
}

/**
 * Saves the files as a new generation: chunks, then the manifest, then all is read back and compared; only then the oldest
 * generation goes. Where there is no room for three, the oldest goes first. Throws `storage`, and then what was there before
 * is there still.
 */
export async function saveGeneration(
  records: CheckpointRecords,
  runId: string,
  kind: CheckpointKind,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await sweepHalfWritten(records, [runId, kind]);
  const before = await generationsOf(records, [runId, kind]);
  const place: RecordKey = [runId, kind, (before.at(-1)?.number ?? 0) + 1];
  const surplus = before.slice(0, Math.max(0, before.length + 1 - KEPT_GENERATIONS));
  const dropSurplus = async () => {
    for (const { number } of surplus.splice(0)) await records.delete([runId, kind, number]);
  };
  try {
    await writeVerified(records, place, files);
  } catch (error) {
    await records.delete(place);
    if (before.length < KEPT_GENERATIONS) throw error;
    await dropSurplus();
    await writeVerified(records, place, files).catch(async (again: unknown) => {
      await records.delete(place);
      throw again;
    });
  }
  await dropSurplus();
}

/**
 * The newest generation that is complete and whose checksums hold; null where nothing was saved yet. Throws `storage` where
 * all are damaged.
 */
export async function loadGeneration(
  records: CheckpointRecords,
  runId: string,
  kind: CheckpointKind,
): Promise<LoadedCheckpoint | null> {
  for (let attempt = 1; ; attempt++) {
    const generations = (await generationsOf(records, [runId, kind])).filter(({ isComplete }) => isComplete);
    if (generations.length === 0) return null;
    let refused = 0;
    for (const { number } of generations.toReversed()) {
      const files = await readVerified(records, [runId, kind, number]);
      if (files !== null) return { files, refused };
      refused++;
    }
    const newest = (await generationsOf(records, [runId, kind])).at(-1)?.number;
    if (newest === generations.at(-1)?.number || attempt === LOAD_ATTEMPTS) throw damaged(kind);
  }
}

/**
 * Where the newest generation lies whose checksums hold, and what it consists of; null where nothing was saved yet. Nothing
 * larger than a chunk is held. Throws `storage` where all are damaged.
 */
export async function soundGeneration(
  records: CheckpointRecords,
  runId: string,
  kind: CheckpointKind,
): Promise<{ readonly place: RecordKey; readonly manifest: CheckpointManifest } | null> {
  const generations = (await generationsOf(records, [runId, kind])).filter(({ isComplete }) => isComplete);
  for (const { number } of generations.toReversed()) {
    const place: RecordKey = [runId, kind, number];
    const manifest = await records.get([...place, 'manifest']);
    if (manifest === undefined || manifest instanceof ArrayBuffer) continue;
    if (await verify(records, place, () => null)) return { place, manifest };
  }
  if (generations.length === 0) return null;
  throw damaged(kind);
}

/** The manifests of the newest complete generations, without a look at what they list. */
export async function newestManifests(
  records: CheckpointRecords,
  runId: string,
): Promise<readonly (CheckpointManifest & { readonly kind: CheckpointKind })[]> {
  const found: (CheckpointManifest & { readonly kind: CheckpointKind })[] = [];
  for (const kind of ['last', 'best'] as const) {
    const newest = (await generationsOf(records, [runId, kind])).findLast(({ isComplete }) => isComplete);
    const manifest = newest && (await records.get([runId, kind, newest.number, 'manifest']));
    if (manifest !== undefined && !(manifest instanceof ArrayBuffer)) found.push({ kind, ...manifest });
  }
  return found;
}

/** Bytes of all complete generations of a run, both kinds. */
export async function checkpointBytes(records: CheckpointRecords, runId: string): Promise<number> {
  let bytes = 0;
  for (const key of await records.keys([runId])) {
    if (!isManifestKey(key)) continue;
    const manifest = await records.get(key);
    if (manifest !== undefined && !(manifest instanceof ArrayBuffer)) bytes += totalBytes(manifest);
  }
  return bytes;
}

/** Deletes what a save that was cut off has left, below a prefix of keys. Nobody may be saving there. */
export async function sweepHalfWritten(records: CheckpointRecords, prefix: RecordKey): Promise<void> {
  const complete = new Map<string, { readonly place: RecordKey; isComplete: boolean }>();
  for (const key of await records.keys(prefix)) {
    const place = key.slice(0, 3);
    const name = JSON.stringify(place);
    const known = complete.get(name) ?? { place, isComplete: false };
    known.isComplete ||= isManifestKey(key);
    complete.set(name, known);
  }
  for (const { place, isComplete } of complete.values()) if (!isComplete) await records.delete(place);
}

/** In order of their numbers, those without a manifest too. */
async function generationsOf(records: CheckpointRecords, [runId, kind]: RecordKey): Promise<Generation[]> {
  const found = new Map<number, boolean>();
  for (const key of await records.keys([runId ?? '', kind ?? ''])) {
    const number = Number(key[2]);
    found.set(number, (found.get(number) ?? false) || isManifestKey(key));
  }
  return [...found].map(([number, isComplete]) => ({ number, isComplete })).toSorted((a, b) => a.number - b.number);
}

async function writeVerified(
  records: CheckpointRecords,
  place: RecordKey,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const needed = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const written: CheckpointManifest['files'][number][] = [];
  try {
    for (const [name, bytes] of files) written.push(await writeFile(records, place, name, bytes));
    await records.put([[[...place, 'manifest'], { files: written }]]);
  } catch (error) {
    throw notKept(error, needed, totalBytes({ files: written }));
  }
  if (!(await verify(records, place, () => null))) {
    const message = `The browser did not give back what it was given to store (${bytesText(needed)}); the copy was thrown away.`;
    throw new StudioError('storage', `${message} Look for a failing disk.`, { neededBytes: needed });
  }
}

async function writeFile(records: CheckpointRecords, place: RecordKey, name: string, bytes: Uint8Array) {
  const hash = await createSHA256();
  hash.init();
  let chunks = 0;
  for (let at = 0; at < bytes.byteLength; at += CHUNK_BYTES) {
    // A copy: the view may lie anywhere in a larger buffer.
    const chunk = new Uint8Array(bytes.subarray(at, at + CHUNK_BYTES));
    hash.update(chunk);
    await records.put([[[...place, 'file', name, chunks++], chunk.buffer]]);
  }
  return { name, bytes: bytes.byteLength, chunks, sha256: hash.digest('hex') };
}

/** The files of a generation, or null where something is missing or other than when it was written. */
async function readVerified(records: CheckpointRecords, place: RecordKey): Promise<Map<string, Uint8Array> | null> {
  const files = new Map<string, Uint8Array>();
  const isWhole = await verify(records, place, (name, bytes) => {
    const file = new Uint8Array(bytes);
    files.set(name, file);
    return file;
  });
  return isWhole ? files : null;
}

/** Whether a generation is as it was written; each file is copied into what `makeRoom` gives, or only looked at. */
async function verify(
  records: CheckpointRecords,
  place: RecordKey,
  makeRoom: (name: string, bytes: number) => Uint8Array | null,
): Promise<boolean> {
  const manifest = await records.get([...place, 'manifest']);
  if (manifest === undefined || manifest instanceof ArrayBuffer) return false;
  for (const { name, bytes, chunks, sha256 } of manifest.files) {
    const file = makeRoom(name, bytes);
    const hash = await createSHA256();
    hash.init();
    let at = 0;
    for (let index = 0; index < chunks; index++) {
      const chunk = await records.get([...place, 'file', name, index]);
      if (!(chunk instanceof ArrayBuffer) || at + chunk.byteLength > bytes) return false;
      file?.set(new Uint8Array(chunk), at);
      hash.update(new Uint8Array(chunk));
      at += chunk.byteLength;
    }
    if (at !== bytes || hash.digest('hex') !== sha256) return false;
  }
  return true;
}

function isManifestKey(key: RecordKey): boolean {
  return key[3] === 'manifest';
}

function totalBytes({ files }: CheckpointManifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A write that was refused, told with what the whole checkpoint needs. What it has taken so far is free again. */
function notKept(error: unknown, neededBytes: number, writtenBytes: number): unknown {
  if (!(error instanceof StudioError) || error.code !== 'storage') return error;
  const { freeBytes } = error.details;
  const free = typeof freeBytes === 'number' ? freeBytes + writtenBytes : null;
  const found = free === null ? '' : `, and ${bytesText(free)} are free`;
  return new StudioError(
    'storage',
    `It needs ${bytesText(neededBytes)} of this browser's storage${found}. Delete runs in Runs or data sets in Data to make room.`,
    { ...error.details, neededBytes, freeBytes: free },
    { cause: error },
  );
}

function damaged(kind: CheckpointKind): StudioError {
  const other = kind === 'last' ? 'best' : 'last';
  return new StudioError(
    'storage',
    `The ${kind} checkpoint of this run is damaged: its checksum is not that of what was saved. Take the ${other} one.`,
    { checkpoint: kind },
  );
}
