import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { readBytes } from '../base/test-fixtures.ts';
import { decodeWith } from '../data/decode.ts';
import { readTarTree } from '../data/tar-tree.ts';
import type { DataSet } from '../data/types.ts';
import { readVocDataSet } from '../data/voc-data-set.ts';
import { readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { bundledFiles } from '../interop/test-bundled.ts';
import { decodePixels } from '../platform/node/decode.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { createEvaluateService } from './evaluate-service.ts';
import type { EvaluationRequest } from './types.ts';

const SAMPLE = fileURLToPath(new URL('../../public/sample/emoji-scenes.tar', import.meta.url));
const session = sharedGpu();
const checkpoint = readCheckpointFiles(bundledFiles(), 'tiny');

/** The sample set with the three of its classes that the pretrained weights know. */
let emoji: DataSet;
beforeAll(async () => {
  const whole = await readVocDataSet(await readTarTree(readBytes(SAMPLE), 'emoji-scenes.tar'));
  const classes = ['aeroplane', 'car', 'cat'];
  const samples = whole.samples.map((sample) => ({
    ...sample,
    objects: sample.objects.filter(({ className }) => classes.includes(className)),
  }));
  emoji = { ...whole, classes, samples };
});

function service(dataSet: DataSet = emoji) {
  return createEvaluateService({
    session: { get: async () => session(), forget: () => {} },
    dataSet: async () => dataSet,
    openWeights: async () => ({ checkpoint, name: 'tiny' }),
    decode: decodeWith(decodePixels),
    now: () => performance.now(),
  });
}

const REQUEST: EvaluationRequest = {
  weights: { kind: 'bundled' },
  dataSetId: 'emoji-scenes',
  split: 'val',
  limit: 5,
};

test('the pretrained weights find most of the sample pictures, which come in the order of the split', async () => {
  const told: [number, number][] = [];
  const result = await service().evaluate(REQUEST, (done, total) => told.push([done, total]));
  expect(result.report.voc.map50 ?? 0).toBeGreaterThan(0.5);
  expect(result.pictures.map(({ sampleId }) => sampleId)).toEqual(emoji.splits.val?.slice(0, 5));
  expect(result.curves.map(({ className }) => className)).toEqual([null, ...emoji.classes]);
  expect(result.curves[0]?.recalls.at(-1) ?? 0).toBeGreaterThan(0.5);
  for (const { detections } of result.pictures) {
    expect(detections.every(({ score }) => score > 0.05)).toBe(true);
    expect(detections.map(({ label }) => label)).toEqual(detections.map(({ labelId }) => emoji.classes[labelId]));
  }
  expect(told[0]).toEqual([0, 5]);
  expect(told.at(-1)).toEqual([5, 5]);
});

test('a cancelled evaluation ends as such, and the next one goes on as if nothing had been', async () => {
  const evaluation = service();
  const first = evaluation.evaluate({ ...REQUEST, limit: 40 }, (done) => {
    if (done > 0) void evaluation.cancelEvaluation();
  });
  await expect(evaluation.evaluate(REQUEST, () => {})).rejects.toMatchObject({ code: 'usage' });
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  const { pictures } = await evaluation.evaluate({ ...REQUEST, limit: 1 }, () => {});
  expect(pictures).toHaveLength(1);
});

test('weights without a class of the set are refused in a sentence', async () => {
  const unicorns = { ...emoji, classes: [...emoji.classes, 'unicorn'] };
  await expect(service(unicorns).evaluate(REQUEST, () => {})).rejects.toThrow(/know no class "unicorn"/);
});

test('a split that is not there or is empty is refused, and a picture that cannot be read is left out and told', async () => {
  await expect(service().evaluate({ ...REQUEST, split: 'test' }, () => {})).rejects.toThrow(/no split "test"/);
  const none = { ...emoji, splits: { ...emoji.splits, val: [] } };
  await expect(service(none).evaluate(REQUEST, () => {})).rejects.toThrow(/holds no labelled picture/);

  const damaged = emoji.splits.val?.[1];
  const broken: DataSet = {
    ...emoji,
    imageBytes: async (id) => {
      if (id === damaged) throw new StudioError('not-found', `The picture of ${id} is gone.`);
      return emoji.imageBytes(id);
    },
  };
  const result = await service(broken).evaluate({ ...REQUEST, limit: 3 }, () => {});
  expect(result.pictures).toHaveLength(2);
  expect(result.problems).toMatchObject([{ severity: 'refused', reason: `The picture of ${damaged} is gone.` }]);
});
