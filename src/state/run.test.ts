import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { speedKey } from './estimates.ts';
import { createRunStore, hasWeights, type MeasurableStart } from './run.ts';
import { checkSettings } from './settings.ts';
import { proposedForm } from './settings-form.ts';
import { statusOf } from './status.ts';
import { testEval, testHistory, testStep, testTrainer } from './test-train.ts';

const checked = checkSettings(proposedForm({ software: false, set: null, bundled: true }));
if (!checked.ok) throw new Error('the default form is wrong');
const { settings } = checked;
const CASE = { adapter: 'card', model: 'bundled', evalPictures: 80, settings };
const START: MeasurableStart = {
  name: 'emoji-scenes 1',
  dataSet: { id: 'emoji-scenes', name: 'emoji-scenes' },
  from: { kind: 'bundled' },
  settings,
  measuredAs: CASE,
};
const NO_PICTURES = { weights: null, loading: false, weightsError: null, pictures: [] } as const;

function studio() {
  const trainer = testTrainer();
  const changes: string[] = [];
  const kept = new Map<string, string>();
  const memory = { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) };
  const make = () =>
    createRunStore(
      trainer.api,
      {
        runHistory: async (id) => {
          if (id === 'gone') throw new StudioError('not-found', 'There is no run "gone".');
          return testHistory(id);
        },
        runWeights: async () => {
          throw new StudioError('not-found', 'This run has no checkpoint yet.');
        },
        sealVersion: async (id) => {
          if (id === 'edited-elsewhere') throw new StudioError('usage', 'Another tab edits this data set.');
          return { number: 3, hash: '' };
        },
      },
      () => changes.push('changed'),
      memory,
    );
  return { trainer, changes, store: make(), make };
}

test('a run goes from start through pause and stop, and leaves its weights', async () => {
  const { trainer, store, changes } = studio();
  const run = store.getState().start(START);
  expect(store.getState().phase).toBe('starting');
  trainer.tell({ type: 'started', settings, classes: ['bus'], carriedClasses: 1, firstStep: 0 });
  trainer.tell({ type: 'checkpoint', step: 0, kind: 'last' }, { type: 'step', record: testStep(1) });
  expect(statusOf(store.getState(), NO_PICTURES)).toMatchObject({
    what: 'Training "emoji-scenes 1"',
    howFar: 'step 1 of 400',
    imagesPerSecond: 31.4,
  });
  expect(changes).toHaveLength(1);
  await store.getState().pause();
  expect(store.getState().phase).toBe('paused');
  await store.getState().resume();
  expect(store.getState().phase).toBe('running');
  await store.getState().stop();
  expect(store.getState().phase).toBe('stopping');
  expect(hasWeights(store.getState())).toBe(false);
  trainer.end();
  await run;
  expect(store.getState().phase).toBe('stopped');
  expect(hasWeights(store.getState())).toBe(true);
  expect(changes).toHaveLength(2);
  expect(trainer.asked).toEqual(['start emoji-scenes 1', 'pause', 'resume', 'stop']);
});

test('a failure says at which step, and what is saved, and does not lose what was drawn', async () => {
  const { trainer, store } = studio();
  const run = store.getState().start(START);
  trainer.tell({ type: 'checkpoint', step: 200, kind: 'last' }, { type: 'step', record: testStep(240) });
  trainer.fail(new StudioError('gpu-lost', 'The device was lost.'));
  await run;
  expect(store.getState()).toMatchObject({ phase: 'failed', error: { code: 'gpu-lost' } });
  expect(store.getState().log.lastRecord?.step).toBe(240);
  const said = statusOf(store.getState(), NO_PICTURES);
  expect(said.mood).toBe('bad');
  expect(said.what).toBe(
    'Training stopped: the graphics card was lost at step 240. Everything up to step 200 is saved.',
  );
});

test('a second start while one goes on, here or in another tab, is refused with the reason', async () => {
  const { trainer, store } = studio();
  store.setState({
    elsewhere: {
      ...store.getState().log,
      name: 'cells 1',
      step: 3,
      steps: 9,
      phase: '',
      imagesPerSecond: null,
      secondsLeft: null,
    },
  });
  await store.getState().start(START);
  expect(store.getState()).toMatchObject({ phase: 'idle', error: { code: 'usage' } });
  expect(store.getState().error?.message).toContain('“cells 1” trains in another tab, step 3 of 9');
  store.setState({ elsewhere: null });
  void store.getState().start(START);
  trainer.tell({ type: 'step', record: testStep(1) });
  await store.getState().start(START);
  expect(store.getState()).toMatchObject({ phase: 'running', error: { code: 'usage' } });
  expect(trainer.asked).toEqual(['start emoji-scenes 1']);
});

test('a run that was broken off goes on with its curves up to the checkpoint', async () => {
  const { trainer, store } = studio();
  const run = store.getState().continueRun('a');
  await Promise.resolve();
  await Promise.resolve();
  expect(trainer.asked).toEqual(['continue a']);
  expect(store.getState()).toMatchObject({ id: 'a', name: 'cells 2', phase: 'starting' });
  trainer.tell({
    type: 'started',
    settings: { ...settings, steps: 400 },
    classes: ['cat'],
    carriedClasses: 1,
    firstStep: 200,
  });
  trainer.tell({ type: 'step', record: testStep(201) });
  const { log } = store.getState();
  expect(log.curves.plotted(0).steps.slice(-2)).toEqual([200, 201]);
  expect(log.evals.map(({ step }) => step)).toEqual([0, 200]);
  expect(statusOf(store.getState(), NO_PICTURES).howFar).toBe('step 201 of 400');
  trainer.end();
  await run;
  expect(store.getState().phase).toBe('done');
});

test('a run that is stopped while its history is still read does not go on', async () => {
  const { trainer, store } = studio();
  const run = store.getState().continueRun('a');
  await store.getState().stop();
  await run;
  expect(store.getState().phase).toBe('stopped');
  expect(trainer.asked).toEqual(['stop']);
});

test('a run that is no longer there is said to be so', async () => {
  const { store } = studio();
  await store.getState().continueRun('gone');
  expect(store.getState()).toMatchObject({ phase: 'failed', error: { code: 'not-found' } });
  expect(hasWeights(store.getState())).toBe(false);
});

test('messages that come after the end change nothing', async () => {
  const { trainer, store } = studio();
  const run = store.getState().start(START);
  trainer.tell({ type: 'step', record: testStep(1) });
  trainer.end();
  await run;
  trainer.tell({ type: 'eval', record: testEval(1, 0.5), pictures: [] });
  expect(store.getState()).toMatchObject({ phase: 'done', log: { evals: [] } });
});

test('speeds are remembered from estimates and from runs, over visits', async () => {
  const { trainer, store, make } = studio();
  await store.getState().estimate([START]);
  expect(store.getState()).toMatchObject({ estimating: false, estimateError: null });
  const [speed] = Object.values(make().getState().speeds);
  expect(speed).toMatchObject({ secondsPerStep: 2, secondsPerEvalPicture: 0.1, gpuBytes: 412e6 });
  const run = store.getState().start(START);
  trainer.tell({ type: 'step', record: testStep(1, { images_per_second: 16 }) });
  trainer.end();
  await run;
  const [after] = Object.values(make().getState().speeds);
  expect(after).toMatchObject({ secondsPerStep: 0.5, secondsPerEvalPicture: 0.1, gpuBytes: 412e6 });
});

test('several runs are measured one after the other, and the first is the one that is shown', async () => {
  const { store } = studio();
  const frozen = { ...settings, freezeBackbone: true };
  const other = { ...START, settings: frozen, measuredAs: { ...CASE, settings: frozen } };
  await store.getState().estimate([START, other]);
  expect(Object.keys(store.getState().speeds).toSorted()).toEqual(
    [speedKey(CASE), speedKey(other.measuredAs)].toSorted(),
  );
  expect(store.getState()).toMatchObject({ lastSpeedKey: speedKey(CASE), estimating: false });
});

test('weights that cannot be had give null and the reason', async () => {
  const { store } = studio();
  expect(await store.getState().weights('best')).toBeNull();
  expect(store.getState().error?.code).toBe('not-found');
});

test('a run on a set that was edited closes the version, and names it; where it cannot, nothing is trained', async () => {
  const { trainer, store } = studio();
  const run = store.getState().start({ ...START, dataSet: { id: 'cells', name: 'cells' } });
  await expect.poll(() => trainer.requests.at(-1)).toMatchObject({ dataSetId: 'cells', dataSetVersion: 3 });
  trainer.end();
  await run;
  const asked = trainer.requests.length;
  await store.getState().start({ ...START, dataSet: { id: 'edited-elsewhere', name: 'cells' } });
  expect(store.getState()).toMatchObject({ phase: 'failed', error: { code: 'usage' } });
  expect(trainer.requests).toHaveLength(asked);
});
