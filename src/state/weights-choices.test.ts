import { expect, test } from 'vitest';
import { testRun } from './test-runs.ts';
import { type NamedWeights, weightsKey, weightsOfFiles, weightsOptions } from './weights-choices.ts';

const labels = (...from: Parameters<typeof weightsOptions>) =>
  weightsOptions(...from).flatMap(({ items }) => items.map(({ label }) => label));

const file: NamedWeights = { source: { kind: 'files', name: 'mine', files: [] }, name: 'mine' };
const best = { step: 200, map50: 0.8123, AP: 0.5 };

test('before anything is known, the bundled weights can be chosen', () => {
  expect(labels(null, [null])).toEqual(['tiny, pretrained']);
});

test('a kept run offers what it has: its best by its AP50, its last by its step', () => {
  const runs = [
    testRun('b', { name: 'cells', best, checkpointStep: 400 }),
    testRun('a', { name: 'cells', best: null, checkpointStep: 50 }),
    testRun('none', { best: null, checkpointStep: null }),
  ];
  expect(labels(runs, [])).toEqual([
    'tiny, pretrained',
    'cells, best (AP50 0.81)',
    'cells, last (step 400)',
    'cells, last (step 50)',
  ]);
  const options = weightsOptions(runs, []).flatMap(({ items }) => items);
  expect(new Set(options.map(({ value }) => value)).size).toBe(options.length);
  expect(options[1]).toMatchObject({ source: { kind: 'run', runId: 'b', checkpoint: 'best' }, name: 'cells, best' });
});

test('files that were given stay on offer while others are loaded', () => {
  const bundled: NamedWeights = { source: { kind: 'bundled' }, name: 'tiny' };
  expect(labels([], [file, bundled])).toEqual(['tiny, pretrained', 'mine']);
  expect(labels([], [file, file])).toEqual(['tiny, pretrained', 'mine']);
});

test('what is loaded is always among the options, also where its run was deleted since', () => {
  const source = { kind: 'run', runId: 'gone', checkpoint: 'best' } as const;
  const held: NamedWeights = { source, name: 'gone, best' };
  const options = weightsOptions([], [null, held]).flatMap(({ items }) => items);
  expect(options.map(({ value }) => value)).toContain(weightsKey(source));
});

test('weights in files are called after the file that is no config', () => {
  const files = ['config.json', 'cells.safetensors'].map((name) => new File(['x'], name));
  expect(weightsOfFiles(files)).toMatchObject({ name: 'cells.safetensors', source: { kind: 'files' } });
  expect(weightsOfFiles([])).toBeNull();
});
