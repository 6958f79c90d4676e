import { expect, test } from 'vitest';
import { differencesOf, featureIdentity } from './feature-identity.ts';
import { tinyCheckpoint } from './test-run.ts';

const START = tinyCheckpoint();
const HEAD = 'class_labels_classifier.weight';
const FROZEN = 'model.input_projection.weight';
const trained = new Set([HEAD]);
const settings = { seed: 1, freezeEncoder: false };

function changed(name: string): typeof START {
  const values = new Map(START.weights.values);
  values.set(
    name,
    (values.get(name) ?? new Float32Array()).map((value) => value + 1e-6),
  );
  return { ...START, weights: { ...START.weights, values } };
}

test('what is trained makes no other identity, what is frozen does to the last digit', async () => {
  const here = await featureIdentity(START, trained, 'd', settings);
  expect(await featureIdentity(changed(HEAD), trained, 'd', settings)).toEqual(here);
  const other = await featureIdentity(changed(FROZEN), trained, 'd', settings);
  expect(differencesOf(other, here)).toBe('other weights');
});

test('seed, size, data and frozen part each make another identity, and are named', async () => {
  const here = await featureIdentity(START, trained, 'd', settings);
  const { config, fields } = START.preprocessor;
  const larger = { ...START, preprocessor: { fields, config: { ...config, shortestEdge: 96 } } };
  const others = await Promise.all([
    featureIdentity(larger, trained, 'd', settings),
    featureIdentity(START, trained, 'e', { ...settings, seed: 2 }),
    featureIdentity(START, trained, 'd', { ...settings, freezeEncoder: true }),
  ]);
  expect(others.map((other) => differencesOf(other, here))).toEqual([
    'another size or normalisation',
    'other pictures or boxes and another seed or other views',
    'other weights and another frozen part',
  ]);
});
