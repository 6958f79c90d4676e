import { expect, test } from 'vitest';
import { createLossStore, lossSentence } from './losses.ts';

function kept(count: number | null) {
  let now = count;
  const listeners: (() => void)[] = [];
  return {
    count: () => now,
    subscribe: (listener: () => void) => listeners.push(listener),
    becomes: (next: number) => {
      now = next;
      for (const listener of listeners) listener();
    },
  };
}

function memory(text: string | null = null) {
  let held = text;
  return {
    getItem: () => held,
    setItem: (_: string, value: string) => {
      held = value;
    },
  };
}

test('a database that is suddenly empty is told of at each visit until it was read', () => {
  const remembers = memory();
  const sets = kept(null);
  const runs = kept(null);
  createLossStore(sets, runs, remembers);
  sets.becomes(2);
  runs.becomes(3);

  for (const visit of [1, 2]) {
    const later = createLossStore(kept(0), kept(0), remembers);
    expect(later.getState().lost, `visit ${visit}`).toEqual({ sets: 2, runs: 3 });
    if (visit === 2) later.getState().dismiss();
  }
  expect(createLossStore(kept(0), kept(0), remembers).getState().lost).toBeNull();
});

test('what a person deletes here is no loss, now or later', () => {
  const remembers = memory('{"sets":1,"runs":0}');
  const sets = kept(1);
  const store = createLossStore(sets, kept(0), remembers);
  sets.becomes(0);
  expect(store.getState().lost).toBeNull();
  expect(createLossStore(kept(0), kept(0), remembers).getState().lost).toBeNull();
});

test('runs that are gone are told of though sets are there', () => {
  const store = createLossStore(kept(1), kept(0), memory('{"sets":1,"runs":4}'));
  expect(store.getState().lost).toEqual({ sets: 0, runs: 4 });
});

test('nothing is said before both lists are known, and a memory that cannot be read says nothing', () => {
  expect(createLossStore(kept(0), kept(null), memory('{"sets":1,"runs":4}')).getState().lost).toBeNull();
  expect(createLossStore(kept(0), kept(0), memory('{"sets":"many"')).getState().lost).toBeNull();
  expect(createLossStore(kept(0), kept(0), null).getState().lost).toBeNull();
});

test('the sentence names what is gone and what to do', () => {
  const said = lossSentence({ sets: 1, runs: 2 });
  expect(said).toContain('1 data set and 2 runs');
  expect(said).toContain('Import the data sets again');
});
