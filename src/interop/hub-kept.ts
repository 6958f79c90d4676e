import { createSHA256 } from 'hash-wasm';
import { bytesText } from '../base/bytes-text.ts';
import { StudioError } from '../base/errors.ts';
import { parseDetrConfig } from '../detr/config.ts';
import type { Checkpoint } from './checkpoint-files.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE } from './checkpoint-names.ts';
import { hashSource } from './hash-source.ts';
import { sumOf } from './hub-fetch.ts';
import { HUB_CHUNK_BYTES } from './hub-transfer.ts';
import { readCheckpointInParts, type WeightsPart } from './read-in-parts.ts';
import type { HubFile, HubModelSummary, HubRecord, HubStore } from './types.ts';

/**
 * Opens a model that is kept whole, after its sha256 was found to be that of what was fetched; no network is needed. `name` as in
 * its record. Throws `not-found` where it is not kept or not whole, `storage` where it is damaged, `bad-weights`, `bad-config`.
 */
export async function openHubModel(store: HubStore, name: string): Promise<Checkpoint> {
  const record = await wholeRecord(store, name);
  const weights: WeightsPart[] = [];
  for (const file of record.files.filter((other) => other.name.endsWith('.safetensors'))) {
    const source = await store.source(name, file.name);
    await refuseDamaged(record, file, source);
    weights.push({ name: file.name, source });
  }
  const config = await textOf(store, record, CONFIG_FILE);
  const preprocessor = await textOf(store, record, PREPROCESSOR_FILE);
  const given = { ...(config !== null && { config }), ...(preprocessor !== null && { preprocessor }) };
  return readCheckpointInParts({ weights, ...given }, `${weights[0]?.name ?? 'weights'} of ${name}`);
}

/** The classes of a model that is kept whole, from its config alone. Throws `not-found`, `bad-config`. */
export async function hubModelClasses(store: HubStore, name: string): Promise<readonly string[]> {
  const config = await textOf(store, await wholeRecord(store, name), CONFIG_FILE);
  return config === null ? (await openHubModel(store, name)).config.labels : parseDetrConfig(config).labels;
}

/** What is kept, the newest first. */
export async function hubModels(store: HubStore): Promise<HubModelSummary[]> {
  const records = [...(await store.records())].sort((a, b) => b.fetchedAtMs - a.fetchedAtMs);
  return Promise.all(records.map((record) => summaryOf(store, record)));
}

/** A record as people see it. */
export async function summaryOf(store: HubStore, record: HubRecord): Promise<HubModelSummary> {
  const { name, hub, commit, complete, fetchedAtMs, files } = record;
  let bytes = 0;
  for (const file of files) bytes += await store.keptBytes(name, file.name);
  return { name, hub, commit, complete, bytes, totalBytes: sumOf(files), fetchedAtMs };
}

/** Deletes a model, whole or in part. Throws `not-found`. */
export async function removeHubModel(store: HubStore, name: string): Promise<{ readonly freedBytes: number }> {
  const record = await store.record(name);
  if (record === null) {
    throw new StudioError('not-found', `${name} is not kept here: it was deleted already.`, { model: name });
  }
  const { bytes } = await summaryOf(store, record);
  await store.remove(name);
  return { freedBytes: bytes };
}

async function wholeRecord(store: HubStore, name: string): Promise<HubRecord> {
  const record = await store.record(name);
  if (record?.complete === true) return record;
  const found = record === null ? 'is not kept here' : 'is kept in part';
  throw new StudioError('not-found', `${name} ${found}; fetch it from the hub first.`, { model: name });
}

async function refuseDamaged(record: HubRecord, file: HubFile, source: WeightsPart['source']): Promise<void> {
  const hash = await createSHA256();
  hash.init();
  await hashSource(hash, source, source.byteLength, HUB_CHUNK_BYTES);
  if (hash.digest('hex') === file.sha256) return;
  const size = source.byteLength === file.byteLength ? '' : ` It has ${bytesText(source.byteLength)}.`;
  throw new StudioError(
    'storage',
    `${file.name} of ${record.name} is damaged: its sha256 is not that of what was fetched.${size} Delete the model and fetch it again.`,
    { model: record.name, file: file.name },
  );
}

async function textOf(store: HubStore, { name, files }: HubRecord, file: string): Promise<string | null> {
  if (!files.some((other) => other.name === file)) return null;
  const source = await store.source(name, file);
  return new TextDecoder().decode(await source.read(0, source.byteLength));
}
