import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { RunSummary, RunsApi } from '../rpc/protocol.ts';
import { canContinue, checkpointOf, createRunsStore } from './runs.ts';
import { testRun } from './test-runs.ts';

/** A worker that keeps these runs, with as much of it replaced as a test wants. */
function keeping(kept: RunSummary[], part: Partial<RunsApi> = {}): RunsApi {
  const find = (id: string): RunSummary => {
    const run = kept.find((other) => other.id === id);
    if (run === undefined) throw new StudioError('not-found', `There is no run ${id}.`);
    return run;
  };
  return {
    runs: async () => [...kept],
    runHistory: async (id) => ({ summary: find(id), steps: [], evals: [] }),
    renameRun: async () => {},
    noteRun: async () => {},
    removeRun: async (id) => {
      const { bytes } = find(id);
      kept.splice(kept.indexOf(find(id)), 1);
      return { freedBytes: bytes };
    },
    runWeights: async (id, checkpoint) => ({ name: `${id}-${checkpoint}.safetensors`, blob: new Blob() }),
    exportRun: async (id) => ({ name: `${id}.zip`, blob: new Blob() }),
    ...part,
  };
}

test('a name shows at once, and the old one comes back with the reason where the worker refuses', async () => {
  const full = new StudioError('storage', 'The disk is full.');
  const renameRun = async (): Promise<void> => {
    throw full;
  };
  const store = createRunsStore(keeping([testRun('a', { name: 'before' })], { renameRun }));
  await store.getState().refresh();
  const renamed = store.getState().rename('a', 'after');
  expect(store.getState().runs?.[0]?.name).toBe('after');
  expect(await renamed).toBe(false);
  expect(store.getState().runs?.[0]?.name).toBe('before');
  expect(store.getState().actionError).toBe(full);
});

test('what was deleted is no longer chosen, and the space that it freed is told', async () => {
  const store = createRunsStore(keeping([testRun('a'), testRun('b'), testRun('c')]));
  await store.getState().refresh();
  store.getState().select(['a', 'b']);
  await store.getState().openHistory('a');
  await store.getState().remove(['a', 'c']);
  expect(store.getState().selected).toEqual(['b']);
  expect(store.getState().histories).toEqual({});
  expect(store.getState().outcome).toBe('Deleted 2 runs: 2.0 MB freed.');
  expect(store.getState().tasks).toEqual({});
});

test('a refused deletion leaves the run and says why', async () => {
  const removeRun = async (): Promise<never> => {
    throw new StudioError('usage', 'It trains: stop it first.');
  };
  const store = createRunsStore(keeping([testRun('a')], { removeRun }));
  await store.getState().refresh();
  await store.getState().remove(['a']);
  expect(store.getState().runs).toHaveLength(1);
  expect(store.getState().actionError?.message).toBe('It trains: stop it first.');
  expect(store.getState().outcome).toBeNull();
});

test('a history is fetched once, and again when the run has gone on since', async () => {
  const kept = [testRun('a', { stepsDone: 10 })];
  let fetched = 0;
  const api = keeping(kept);
  const store = createRunsStore({
    ...api,
    runHistory: (id) => {
      fetched += 1;
      return api.runHistory(id);
    },
  });
  await store.getState().refresh();
  await store.getState().openHistory('a');
  await store.getState().openHistory('a');
  expect(fetched).toBe(1);
  kept[0] = testRun('a', { stepsDone: 20 });
  await store.getState().refresh();
  await store.getState().openHistory('a');
  expect(fetched).toBe(2);
});

test('a refresh that is asked for while one is under way is answered with what is there then', async () => {
  const kept = [testRun('a')];
  const store = createRunsStore(keeping(kept));
  const first = store.getState().refresh();
  kept.push(testRun('b'));
  await Promise.all([first, store.getState().refresh()]);
  expect(store.getState().runs).toHaveLength(2);
});

test('the best weights are offered where there are any, else the last', async () => {
  const best = { step: 4, map50: 0.5, AP: null };
  expect(checkpointOf(testRun('a', { best }))).toBe('best');
  expect(checkpointOf(testRun('a', { best: null, checkpointStep: 4 }))).toBe('last');
  expect(checkpointOf(testRun('a', { best: null, checkpointStep: null }))).toBeNull();
  const store = createRunsStore(keeping([testRun('a', { best })]));
  await store.getState().refresh();
  expect((await store.getState().weights('a'))?.name).toBe('a-best.safetensors');
});

test('a run goes on where it ended early and has a checkpoint before its last step', () => {
  expect(canContinue(testRun('a', { status: 'interrupted', checkpointStep: 50 }))).toBe(true);
  expect(canContinue(testRun('a', { status: 'failed', checkpointStep: 50 }))).toBe(true);
  expect(canContinue(testRun('a', { status: 'failed', checkpointStep: null }))).toBe(false);
  expect(canContinue(testRun('a', { status: 'stopped', checkpointStep: 400 }))).toBe(false);
  expect(canContinue(testRun('a', { status: 'going', checkpointStep: 50 }))).toBe(false);
  expect(canContinue(testRun('a', { status: 'done', checkpointStep: 50 }))).toBe(false);
});
