import { textOf } from '../base/ask-server.ts';
import { bytesText } from '../base/bytes-text.ts';
import { StudioError } from '../base/errors.ts';
import { type HubName, hubNameText } from '../base/hub-models.ts';
import { rateMeter } from '../base/rate-meter.ts';
import { parsePreprocessorConfig } from '../data/preprocessor-config.ts';
import { parseDetrConfig } from '../detr/config.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_INDEX_FILE } from './checkpoint-names.ts';
import { checkpointFilesOf, type HubListing, listHubModel, resolvePath } from './hub-listing.ts';
import { refusalOf } from './hub-refusal.ts';
import { askHub, type Hub } from './hub-request.ts';
import { fetchHubFile } from './hub-transfer.ts';
import { shardsOfIndex } from './shard-index.ts';
import type { HubFile, HubProgress, HubRecord, HubStore } from './types.ts';

export interface HubFetchPorts {
  readonly store: HubStore;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
  /** The time of day, in milliseconds since 1970. */
  readonly date: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface HubFetchOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: HubProgress) => void;
}

const MOST_SMALL_BYTES = 32 * 2 ** 20;

/**
 * Fetches a model of the hub into the store: its configs, which are read before anything large is asked for, and its weights in
 * `model.safetensors` or in the parts that an index names. A model that is kept whole is not asked for again; of one that is
 * kept in part the rest is fetched.
 *
 * Throws `not-found`, `network`, `bad-config` for another kind of model, `bad-weights` where there are no safetensors, `storage`
 * where there is no room (said before the weights are asked for), `cancelled`. What came of the weights stays.
 */
export async function fetchHubModel(
  name: HubName,
  hub: Hub,
  ports: HubFetchPorts,
  { signal, onProgress = () => {} }: HubFetchOptions = {},
): Promise<HubRecord> {
  const { store } = ports;
  const model = hubNameText(name);
  const before = await store.record(model);
  if (before?.complete === true) return before;
  const nothing = { bytesDone: 0, bytesTotal: null, bytesPerSecond: null, secondsLeft: null };
  onProgress({ name: model, phase: 'asking', file: '', ...nothing });

  const listing = await listHubModel(hub, name, signal);
  const { small, weights } = await checkpointFilesOf(listing, name);
  const texts = new Map<string, string>();
  for (const file of small) texts.set(file.name, await smallFile(file, name, hub, signal));
  refuseOtherModels(texts, model);
  const parts = weights === null ? await shardsOf(listing, texts, model) : [weights];

  const plan = parts.map((part) => withTagOf(part, before));
  for (const file of plan) if (!isSame(file, before)) await store.removeFile(model, file.name);
  await refuseWithoutRoom(plan, model, store);
  const record = { name: model, hub: hub.address, commit: listing.commit, fetchedAtMs: ports.date() };
  const files = [...small, ...plan];
  await store.putRecord({ ...record, complete: false, files });
  for (const [file, text] of texts) {
    await store.removeFile(model, file);
    await store.append(model, file, 0, new TextEncoder().encode(text));
  }

  const bytesTotal = sumOf(plan);
  const meter = rateMeter(ports.now);
  let bytesBefore = 0;
  for (const [index, part] of plan.entries()) {
    const report = (bytes: number): void => {
      const bytesDone = bytesBefore + bytes;
      meter.report(bytesDone);
      const { perSecond, secondsLeft } = meter.rate(bytesTotal ?? bytesDone);
      const pace = { bytesPerSecond: perSecond, secondsLeft: bytesTotal === null ? null : secondsLeft };
      onProgress({ name: model, phase: 'fetching', file: part.name, bytesDone, bytesTotal, ...pace });
    };
    const onTag = async (etag: string | null): Promise<void> => {
      files[small.length + index] = { ...part, etag };
      await store.putRecord({ ...record, complete: false, files });
    };
    const whole = await fetchHubFile(part, { hub, name, store, wait: ports.wait, signal, onBytes: report, onTag });
    files[small.length + index] = whole;
    bytesBefore += whole.byteLength ?? 0;
  }
  const complete = { ...record, complete: true, files };
  await store.putRecord(complete);
  return complete;
}

/** Bytes of all files together; null where the length of one is not known. */
export function sumOf(files: readonly Pick<HubFile, 'byteLength'>[]): number | null {
  return files.reduce<number | null>(
    (sum, { byteLength }) => (sum === null || byteLength === null ? null : sum + byteLength),
    0,
  );
}

async function smallFile(file: HubFile, name: HubName, hub: Hub, signal: AbortSignal | undefined): Promise<string> {
  const what = `${file.name} of ${hubNameText(name)}`;
  const answer = await askHub(hub, { path: resolvePath(name, file.name), what }, signal);
  if (answer.status !== 200) {
    answer.drop();
    throw refusalOf(hub, name, file.name, answer);
  }
  return textOf(answer, what, MOST_SMALL_BYTES);
}

/** Before anything large is fetched. */
function refuseOtherModels(texts: ReadonlyMap<string, string>, model: string): void {
  const preprocessor = texts.get(PREPROCESSOR_FILE);
  parseDetrConfig(texts.get(CONFIG_FILE) ?? '', `${CONFIG_FILE} of ${model}`);
  if (preprocessor !== undefined) parsePreprocessorConfig(preprocessor, `${PREPROCESSOR_FILE} of ${model}`);
}

async function shardsOf(listing: HubListing, texts: ReadonlyMap<string, string>, model: string): Promise<HubFile[]> {
  const index = `${WEIGHTS_INDEX_FILE} of ${model}`;
  const shards: HubFile[] = [];
  for (const name of shardsOfIndex(texts.get(WEIGHTS_INDEX_FILE) ?? '', index)) {
    const file = await listing.file(name);
    if (file === null) {
      const message = `${index} names ${name}, which is not there; expected each part of the weights. Name another revision.`;
      throw new StudioError('bad-weights', message, { model, file: name });
    }
    shards.push(file);
  }
  return shards;
}

/** The tag that what is kept of a file was sent with. */
function withTagOf(file: HubFile, before: HubRecord | null): HubFile {
  return { ...file, etag: before?.files.find(({ name }) => name === file.name)?.etag ?? null };
}

/** Whether what is kept of a file is a part of what the hub has now. */
function isSame(file: HubFile, before: HubRecord | null): boolean {
  const kept = before?.files.find(({ name }) => name === file.name);
  return kept !== undefined && kept.sha256 === file.sha256 && kept.byteLength === file.byteLength;
}

async function refuseWithoutRoom(parts: readonly HubFile[], model: string, store: HubStore): Promise<void> {
  let neededBytes = 0;
  for (const { name, byteLength } of parts) {
    if (byteLength !== null) neededBytes += Math.max(0, byteLength - (await store.keptBytes(model, name)));
  }
  const freeBytes = await store.freeBytes();
  if (freeBytes === null || neededBytes <= freeBytes) return;
  throw new StudioError(
    'storage',
    `The weights of ${model} need ${bytesText(neededBytes)} more, and ${bytesText(freeBytes)} are free in ${store.place}. Make room there, or delete kept models, runs or data sets, then fetch them again. Nothing was fetched.`,
    { neededBytes, freeBytes },
  );
}
