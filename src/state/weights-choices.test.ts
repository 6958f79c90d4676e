import { expect, test } from 'vitest';
import type { LoadedWeights } from './prediction.ts';
import { testRun } from './test-runs.ts';
import { optionValue, weightsOptions } from './weights-choices.ts';

const labels = (...from: Parameters<typeof weightsOptions>) =>
  weightsOptions(...from).flatMap(({ items }) => items.map(({ label }) => label));

const file: LoadedWeights = { source: { kind: 'files', name: 'mine', files: [] }, name: 'mine', classes: ['a'] };
const best = { step: 200, map50: 0.8123, AP: 0.5 };

test('before anything is known, the bundled weights can be chosen', () => {
  expect(labels(null, null, null)).toEqual(['tiny, pretrained']);
});

test('a kept run offers what it has: its best by its AP50, its last by its step', () => {
  const runs = [
    testRun('b', { name: 'cells', best, checkpointStep: 400 }),
    testRun('a', { name: 'cells', best: null, checkpointStep: 50 }),
    testRun('none', { best: null, checkpointStep: null }),
  ];
  expect(labels(runs, null, null)).toEqual([
    'tiny, pretrained',
    'cells, best (AP50 0.81)',
    'cells, last (step 400)',
    'cells, last (step 50)',
  ]);
  const options = weightsOptions(runs, null, null).flatMap(({ items }) => items);
  expect(new Set(options.map(({ value }) => value)).size).toBe(options.length);
  expect(options[1]).toMatchObject({ source: { kind: 'run', runId: 'b', checkpoint: 'best' }, name: 'cells, best' });
});

test('files that were given stay on offer while others are loaded', () => {
  const bundled: LoadedWeights = { source: { kind: 'bundled' }, name: 'tiny', classes: [] };
  expect(labels([], file, bundled)).toEqual(['tiny, pretrained', 'mine']);
  expect(labels([], file, file)).toEqual(['tiny, pretrained', 'mine']);
});

test('what is loaded is always among the options, also where its run was deleted since', () => {
  const source = { kind: 'run', runId: 'gone', checkpoint: 'best' } as const;
  const held: LoadedWeights = { source, name: 'gone, best', classes: [] };
  const options = weightsOptions([], null, held).flatMap(({ items }) => items);
  expect(options.map(({ value }) => value)).toContain(optionValue(source));
});
