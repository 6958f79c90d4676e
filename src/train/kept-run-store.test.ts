import { expect, test } from 'vitest';
import { keptRunStore } from './kept-run-store.ts';
import { deleteRun, listRuns, runHistory, tidyRuns } from './kept-runs.ts';
import { keptSummary, stepRecordOf, testRunDatabase } from './test-run-database.ts';

const GOING = { isTraining: true };

async function storeOf(notices: string[] = []) {
  const database = testRunDatabase();
  await database.runs.put([[['a'], { summary: keptSummary('a'), run: {} }]]);
  return {
    database,
    store: keptRunStore(database, { id: 'a', name: 'first', onNotice: (said) => notices.push(said) }),
  };
}

test('a resumed run has each step once, in order, whatever comes of its numbers as texts', async () => {
  const { database, store } = await storeOf();
  for (let step = 1; step <= 12; step++) await store.appendMetrics(stepRecordOf(step));
  await store.truncateMetrics(9);
  for (let step = 10; step <= 11; step++) await store.appendMetrics(stepRecordOf(step));
  const { steps } = await runHistory(database, 'a', true);
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
  await store.truncateMetrics(-1);
  expect((await runHistory(database, 'a', true)).steps).toEqual([]);
});

test('records that find no room wait, are said once, and go in when there is room again', async () => {
  const notices: string[] = [];
  const { database, store } = await storeOf(notices);
  database.metrics.quotaBytes = -1;
  await store.appendMetrics(stepRecordOf(1));
  await store.appendMetrics(stepRecordOf(2));
  expect(notices).toEqual([expect.stringMatching(/cannot be kept.*Training goes on/)]);
  database.metrics.quotaBytes = Number.POSITIVE_INFINITY;
  await store.appendMetrics(stepRecordOf(3));
  expect((await runHistory(database, 'a', true)).steps.map(({ step }) => step)).toEqual([1, 2, 3]);
});

test('a damaged checkpoint is passed over with a sentence', async () => {
  const notices: string[] = [];
  const { database, store } = await storeOf(notices);
  for (const save of [1, 2]) await store.saveCheckpoint('last', new Map([['w', new Uint8Array(9).fill(save)]]));
  const chunk = await database.checkpoints.get(['a', 'last', 2, 'file', 'w', 0]);
  if (chunk instanceof ArrayBuffer) new Uint8Array(chunk)[3] = 0;
  expect((await store.loadCheckpoint('last'))?.get('w')).toEqual(new Uint8Array(9).fill(1));
  expect(notices).toEqual([expect.stringMatching(/damaged.*the one before it/)]);
});

test('a run whose worker is gone is shown as interrupted, and is marked so once another may train', async () => {
  const { database } = await storeOf();
  await database.runs.put([[['b'], { summary: { ...keptSummary('b'), startedAtMs: 5, status: 'done' }, run: {} }]]);
  const shown = async ({ isTraining }: { isTraining: boolean }) =>
    (await listRuns(database, isTraining)).map(({ id, status }) => [id, status]);
  expect(await shown(GOING)).toEqual([
    ['b', 'done'],
    ['a', 'going'],
  ]);
  expect(await shown({ isTraining: false })).toContainEqual(['a', 'interrupted']);
  await tidyRuns(database);
  expect(await shown(GOING)).toContainEqual(['a', 'interrupted']);
});

test('deleting a run frees what it says, and touches no other', async () => {
  const { database, store } = await storeOf();
  await database.runs.put([[['ab'], { summary: keptSummary('ab'), run: {} }]]);
  const other = keptRunStore(database, { id: 'ab', name: 'second', onNotice: () => {} });
  for (const each of [store, other]) {
    await each.appendMetrics(stepRecordOf(1));
    await each.saveCheckpoint('last', new Map([['w', new Uint8Array(1000)]]));
  }
  expect((await deleteRun(database, 'a')).freedBytes).toBeGreaterThanOrEqual(1000);
  expect(await database.checkpoints.keys(['a'])).toEqual([]);
  expect(await database.metrics.keys(['a'])).toEqual([]);
  expect((await runHistory(database, 'ab', true)).steps).toHaveLength(1);
  expect(await other.loadCheckpoint('last')).not.toBeNull();
  await expect(deleteRun(database, 'a')).rejects.toMatchObject({ code: 'not-found' });
});
