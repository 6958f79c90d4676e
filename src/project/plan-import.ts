import { BUNDLED_SET_ID } from '../base/bundled.ts';
import { freeName } from '../data/free-name.ts';
import type { DataSetStore, DataSetSummary } from '../data/types.ts';
import { newestManifests } from '../train/checkpoint-generations.ts';
import type { CheckpointManifest, RunDatabase, RunRecord } from '../train/types.ts';
import type { RunDocument, SetDocument } from './format.ts';
import type { ProjectMode } from './types.ts';

/** Where something of a project goes: under an id and a name, or nowhere, as `id` has it already. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly isThere: boolean;
}

interface PlanPorts {
  readonly store: DataSetStore;
  readonly database: RunDatabase;
  readonly newId: () => string;
}

/** Where the sets go, in their order. */
export async function placeSets(
  sets: readonly SetDocument[],
  mode: ProjectMode,
  { store, newId }: PlanPorts,
): Promise<readonly Place[]> {
  const others: Pick<DataSetSummary, 'id' | 'name' | 'hash'>[] = [...(await store.summaries())];
  const held = new Set([BUNDLED_SET_ID, ...others.map(({ id }) => id)]);
  const places: Place[] = [];
  for (const set of sets) {
    const there = mode === 'merge' ? await setThatHolds(set, others, store) : undefined;
    if (there !== undefined) {
      places.push({ id: there.id, name: there.name, isThere: true });
      continue;
    }
    const { index } = set;
    const id = mode === 'beside' || held.has(index.id) ? newId() : index.id;
    const name = freeName(index.name, [...others, ...places]);
    held.add(id);
    places.push({ id, name, isThere: false });
  }
  return places;
}

/** The set here that has all that this one holds: its content, each of its versions, and its open edits. */
async function setThatHolds(
  { index, versions, edits }: SetDocument,
  others: readonly Pick<DataSetSummary, 'id' | 'name' | 'hash'>[],
  store: DataSetStore,
): Promise<{ readonly id: string; readonly name: string } | undefined> {
  for (const other of others) {
    const hashes = new Set([other.hash, ...(await store.versions(other.id)).map(({ version }) => version.hash)]);
    if (![index.hash, ...versions.map(({ version }) => version.hash)].every((hash) => hashes.has(hash))) continue;
    const isEdited = edits.samples.length > 0 || edits.classes !== null;
    if (!isEdited) return other;
    if (other.hash === index.hash && sameText(await store.openEdits(other.id), edits)) return other;
  }
  return undefined;
}

/** Where the runs go, in their order. */
export async function placeRuns(
  runs: readonly RunDocument[],
  mode: ProjectMode,
  { database, newId }: PlanPorts,
): Promise<readonly Place[]> {
  const others = await database.runs.values([]);
  const held = new Set(others.map(({ summary }) => summary.id));
  const names = others.map(({ summary: { name } }) => ({ name }));
  const places: Place[] = [];
  for (const run of runs) {
    const there = mode === 'merge' ? await runThatIs(run, others, database) : undefined;
    if (there !== undefined) {
      places.push({ id: there.summary.id, name: there.summary.name, isThere: true });
      continue;
    }
    const isTaken = held.has(run.summary.id);
    const id = mode === 'beside' || isTaken ? newId() : run.summary.id;
    const name = mode === 'beside' || isTaken ? freeName(run.summary.name, [...names, ...places]) : run.summary.name;
    held.add(id);
    places.push({ id, name, isThere: false });
  }
  return places;
}

/** Name and note are people's, and may have changed; a run that has gone on since is another one. */
async function runThatIs(
  { summary, checkpoints }: RunDocument,
  others: readonly RunRecord[],
  database: RunDatabase,
): Promise<RunRecord | undefined> {
  for (const other of others) {
    const { startedAtMs, stepsDone, dataSet } = other.summary;
    if (startedAtMs !== summary.startedAtMs || stepsDone !== summary.stepsDone) continue;
    if (dataSet.hash !== summary.dataSet.hash) continue;
    const kept = await newestManifests(database.checkpoints, other.summary.id);
    if (sameText(checksums(kept), checksums(checkpoints))) return other;
  }
  return undefined;
}

function checksums(checkpoints: readonly (CheckpointManifest & { readonly kind: string })[]) {
  return checkpoints.map(({ kind, files }) => [kind, files.map(({ name, sha256 }) => [name, sha256])]);
}

function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Which set here a run belongs to: that of its id if it has the content that was trained on, else another one that has it, else
 * that of its id, whose content changed since. Null where there is none.
 */
export async function setOfRun(
  { id, hash }: RunRecord['summary']['dataSet'],
  taken: ReadonlyMap<string, Place>,
  store: DataSetStore,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const place = taken.get(id);
  if (place !== undefined) return place;
  if (id === BUNDLED_SET_ID) return null;
  const sets = await store.summaries();
  const own = sets.find((set) => set.id === id);
  for (const set of own === undefined ? sets : [own, ...sets]) {
    if (set.hash === hash || (await store.versions(set.id)).some(({ version }) => version.hash === hash)) return set;
  }
  return own ?? null;
}
