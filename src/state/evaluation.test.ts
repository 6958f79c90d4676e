import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { EvaluationResult, PredictApi } from '../rpc/protocol.ts';
import { createEvaluationStore, type EvaluationChoice } from './evaluation.ts';

const CHOICE: EvaluationChoice = {
  weights: { kind: 'bundled' },
  name: 'tiny, pretrained',
  dataSetId: 'emoji-scenes',
  split: 'val',
};

const RESULT: EvaluationResult = {
  report: {
    voc: { map50: 0.5, map50_11_point: 0.5, per_class: {} },
    coco: {
      ...{ AP: 0.3, AP50: 0.5, AP75: 0.3, APs: null, APm: null, APl: null },
      ...{ AR1: 0.2, AR10: 0.4, AR100: 0.4, ARs: null, ARm: null, ARl: null },
      per_class: {},
    },
  },
  curves: [],
  pictures: [],
  classes: [],
  dataSetHash: 'ab',
  problems: [],
  seconds: 2,
};

type Answer = { resolve(result: EvaluationResult): void; reject(error: StudioError): void };

function evaluating() {
  const asked: Parameters<PredictApi['evaluate']>[0][] = [];
  let answer: Answer | null = null;
  let tell: Parameters<PredictApi['evaluate']>[1] = () => {};
  const store = createEvaluationStore({
    evaluate: (request, onProgress) => {
      asked.push(request);
      tell = onProgress;
      return new Promise((resolve, reject) => {
        answer = { resolve, reject };
      });
    },
    cancelEvaluation: async () => answer?.reject(new StudioError('cancelled', 'The evaluation was cancelled.')),
  });
  return {
    store,
    asked,
    tell: (...args: Parameters<typeof tell>) => tell(...args),
    answer: () => answer,
  };
}

test('nothing is asked before something is chosen, nor twice at once', async () => {
  const { store, asked } = evaluating();
  await store.getState().run();
  expect(asked).toEqual([]);
  store.getState().choose(CHOICE);
  store.getState().setLimit(20);
  void store.getState().run();
  void store.getState().run();
  expect(asked).toEqual([{ weights: { kind: 'bundled' }, dataSetId: 'emoji-scenes', split: 'val', limit: 20 }]);
});

test('a result is kept with what it is of, while one chooses something else', async () => {
  const { store, answer, tell } = evaluating();
  store.getState().choose(CHOICE);
  const run = store.getState().run();
  tell(3, 80, 12);
  expect(store.getState().progress).toEqual({ done: 3, total: 80, secondsLeft: 12 });
  store.getState().choose({ ...CHOICE, split: 'train' });
  answer()?.resolve(RESULT);
  await run;
  expect(store.getState()).toMatchObject({ phase: 'done', progress: null, resultOf: { split: 'val', limit: null } });
  expect(store.getState().choice?.split).toBe('train');
});

test('a failure or a cancelled evaluation leaves the result before it', async () => {
  const { store, answer } = evaluating();
  store.getState().choose(CHOICE);
  const first = store.getState().run();
  answer()?.resolve(RESULT);
  await first;
  const second = store.getState().run();
  answer()?.reject(new StudioError('bad-data-set', 'The weights know no class "bus".'));
  await second;
  expect(store.getState()).toMatchObject({ phase: 'failed', error: { code: 'bad-data-set' }, result: RESULT });

  const third = store.getState().run();
  expect(store.getState().error).toBeNull();
  await store.getState().cancel();
  await third;
  expect(store.getState()).toMatchObject({ phase: 'cancelled', error: null, result: RESULT, cancelling: false });
});

test('a new result is looked at from the start: best F1, all classes, all pictures', async () => {
  const { store, answer } = evaluating();
  store.getState().choose(CHOICE);
  store.getState().setConfidence(0.3);
  store.getState().chooseClass(2);
  store.getState().showPictures({ kind: 'cell', truth: 0, found: 1 });
  const run = store.getState().run();
  answer()?.resolve(RESULT);
  await run;
  expect(store.getState()).toMatchObject({ confidence: null, classId: null, picturesOf: { kind: 'all' } });
});
