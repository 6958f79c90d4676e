import { expect, test } from 'vitest';
import { refusalOf } from '../../base/test-refusal.ts';
import type { Sample } from '../types.ts';
import { classesChanged } from './class-changes.ts';

const sample = (id: string, ...names: string[]): Sample => ({
  id,
  imagePath: `${id}.jpg`,
  size: { h: 9, w: 9 },
  labelled: true,
  objects: names.map((className) => ({
    className,
    boxXyxyPx: [0, 0, 5, 5],
    difficult: false,
    truncated: false,
    occluded: true,
  })),
});
const set = {
  classes: ['cat', 'Cat', 'dog', 'unused'],
  samples: [sample('a', 'cat', 'dog'), sample('b', 'Cat'), sample('c')],
};
const namesOf = (samples: readonly Sample[] | undefined) =>
  samples?.map(({ id, objects }) => [id, ...objects.map(({ className }) => className)].join(' '));

test('a class is added last, without a box, so that no label id moves', () => {
  const { change, what } = classesChanged(set, { kind: 'add', name: ' kiwi ' });
  expect(change).toEqual({ classes: ['cat', 'Cat', 'dog', 'unused', 'kiwi'] });
  expect(what).toBe('Class "kiwi" added');
});

test('a renamed class keeps its label id, its boxes and their marks', () => {
  const { change } = classesChanged(set, { kind: 'rename', from: 'cat', to: 'kitten' });
  expect(change.classes).toEqual(['kitten', 'Cat', 'dog', 'unused']);
  expect(namesOf(change.samples)).toEqual(['a kitten dog']);
  expect(change.samples?.[0]?.objects[0]?.occluded).toBe(true);
});

test('merged classes are one, and a picture without one of them is left alone', () => {
  const { change, what } = classesChanged(set, { kind: 'merge', from: ['Cat', 'cat', 'unused'], into: 'cat' });
  expect(change.classes).toEqual(['cat', 'dog']);
  expect(namesOf(change.samples)).toEqual(['b cat']);
  expect(what).toBe('"Cat", "unused" merged into "cat"');
});

test('a deleted class takes its boxes with it, and no picture', () => {
  const { change, what } = classesChanged(set, { kind: 'delete', names: ['Cat', 'dog'] });
  expect(change.classes).toEqual(['cat', 'unused']);
  expect(namesOf(change.samples)).toEqual(['a cat', 'b']);
  expect(change.samples?.every(({ labelled }) => labelled)).toBe(true);
  expect(what).toBe('"Cat", "dog" deleted, with 2 boxes');
});

test('two classes of one name cannot be, nor one without a name, nor one that is not there', () => {
  for (const change of [
    { kind: 'add', name: 'cat ' },
    { kind: 'add', name: '  ' },
    { kind: 'rename', from: 'dog', to: 'Cat' },
    { kind: 'rename', from: 'dog', to: 'dog' },
    { kind: 'rename', from: 'cow', to: 'ox' },
    { kind: 'merge', from: ['dog'], into: 'cow' },
    { kind: 'merge', from: ['dog'], into: 'dog' },
    { kind: 'delete', names: ['cow'] },
  ] as const) {
    expect(refusalOf(() => classesChanged(set, change)).code).toBe('usage');
  }
});
