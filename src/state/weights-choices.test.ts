import { expect, test } from 'vitest';
import { loadedOption, weightsOptions } from './weights-choices.ts';

const labels = (...from: Parameters<typeof weightsOptions>) => weightsOptions(...from).map(({ label }) => label);

test("an earlier run's weights keep its name, and a later run's can be chosen beside them", () => {
  const first = { source: 'run', name: 'emoji-scenes 1', classes: [] } as const;
  expect(labels(first, 'emoji-scenes 1')).toEqual(['tiny, pretrained', 'run "emoji-scenes 1"']);
  expect(labels(first, null)).toEqual(['tiny, pretrained', 'run "emoji-scenes 1"']);
  expect(labels(first, 'emoji-scenes 2')).toEqual(['tiny, pretrained', 'run "emoji-scenes 2"', 'run "emoji-scenes 1"']);
  const values = weightsOptions(first, 'emoji-scenes 2').map(({ value }) => value);
  expect(new Set(values).size).toBe(3);
  expect(loadedOption(first).value).toBe(values[2]);
});

test('a file is offered while it is loaded, and before anything is, the bundled weights', () => {
  expect(labels(null, null)).toEqual(['tiny, pretrained']);
  expect(labels({ source: 'file', name: 'mine.safetensors', classes: [] }, 'emoji-scenes 1')).toEqual([
    'tiny, pretrained',
    'run "emoji-scenes 1"',
    'mine.safetensors',
  ]);
});
