import { expect, test } from 'vitest';
import type { DataSet } from '../../src/data/types.ts';
import { openCheckpoint } from '../sources/open-checkpoint.ts';
import { resolveSettings, type TrainOptions } from './settings.ts';

const { checkpoint } = await openCheckpoint('tiny');
const ids = Array.from({ length: 30 }, (_, i) => String(i));
const dataSet: DataSet = {
  name: 'thirty',
  classes: [],
  samples: ids.map((id) => ({ id, imagePath: id, size: { h: 8, w: 8 }, objects: [], labelled: true })),
  splits: { train: ids },
  problems: [],
  hash: '',
  imageBytes: () => Promise.reject(new Error('no picture is read')),
};

function resolved(options: TrainOptions, software: boolean) {
  return resolveSettings(options, checkpoint, dataSet, software);
}

test('what is not said has its default, and what is said stands', () => {
  const { settings, notices } = resolved({}, false);
  expect(settings).toMatchObject({ lr: 2e-4, lrBackbone: 2e-5, batch: 8, weightDecay: 1e-4, clip: 0.1, seed: 0 });
  expect(settings).toMatchObject({ steps: 400, accumulate: 1, evalEvery: 50, checkpointEvery: 50, lrDrop: null });
  expect(notices).toEqual([]);
  expect(resolved({ model: 'random:tiny' }, false).settings).toMatchObject({ lr: 1e-4, batch: 4 });
  expect(resolved({ lr: 1e-3, clip: 0, seed: 7 }, false).settings).toMatchObject({
    lrBackbone: 1e-4,
    clip: 0,
    seed: 7,
  });
  expect(resolved({ epochs: 2, batch: 4, accumulate: 2 }, false).settings.steps).toBe(8);
});

test('a software driver without a length gets a short run, and is told what that is', () => {
  const { settings, notices } = resolved({}, true);
  expect(settings).toMatchObject({ maxSeconds: 180, batch: 4, evalEvery: 400, evalImages: 16 });
  expect(notices).toEqual([expect.stringContaining('fit into 3 minutes, at batch 4, and is evaluated on at most 16')]);
  expect(resolved({ steps: 9 }, true)).toMatchObject({ settings: { maxSeconds: null, steps: 9 }, notices: [] });
});

test('a run that is never evaluated is not told on how many pictures', () => {
  expect(resolved({ evalEvery: 0 }, true).notices).toEqual([
    'Without a GPU this run takes the steps that fit into 3 minutes, at batch 4. Say --steps N for a longer one.',
  ]);
});
