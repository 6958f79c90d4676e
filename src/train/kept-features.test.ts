import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { type HalfTokens, KeptFeatures } from './kept-features.ts';
import { TestFeatureStore } from './test-feature-store.ts';
import type { FeatureIdentity } from './types.ts';

const IDENTITY: FeatureIdentity = {
  weights: 'w1',
  dataSet: 'd1',
  pixels: '160',
  views: 'seed 0, version 1',
  stage: 'projected',
  format: 'f16',
};

async function open(store: TestFeatureStore, identity = IDENTITY, neededBytes = 4000) {
  const notices: string[] = [];
  const features = await KeptFeatures.open({ store, identity, neededBytes, onNotice: (text) => notices.push(text) });
  return { features, notices };
}

const tokens = (value: number): HalfTokens => new Int32Array(100).fill(value);

test('what was kept is there for the next run of the same identity, and how much it takes is said', async () => {
  const store = new TestFeatureStore();
  const first = await open(store);
  expect(first.notices).toEqual([expect.stringContaining('kept in the test: 4.0 KB at most.')]);
  await first.features.put(new Map([['0/a', tokens(1)]]));
  await first.features.put(new Map([['0/b', tokens(2)]]));
  const next = await open(store);
  expect(next.notices).toEqual([expect.stringContaining('4.0 KB at most, 800 bytes of it there already.')]);
  expect([await next.features.get('0/a'), await next.features.get('0/b')]).toEqual([tokens(1), tokens(2)]);
  expect(await next.features.get('1/a')).toBeNull();
});

test.each([
  [{ weights: 'w2' }, 'with other weights;'],
  [{ dataSet: 'd2' }, 'with other pictures or boxes;'],
  [{ pixels: '320' }, 'with another size or normalisation;'],
  [
    { views: 'seed 1, version 1', stage: 'memory' as const },
    'with another seed or other views and another frozen part;',
  ],
])('features made with %j are refused and made anew', async (part, words) => {
  const store = new TestFeatureStore();
  const before = await open(store, { ...IDENTITY, ...part });
  await before.features.put(new Map([['0/a', tokens(1)]]));
  const { features, notices } = await open(store);
  expect(notices[0]).toContain(words);
  expect(await features.get('0/a')).toBeNull();
  expect(store.features.size).toBe(0);
});

test('no more is stored than half of what is free, and the rest stays in memory', async () => {
  const store = new TestFeatureStore();
  store.free = 1700;
  const { features, notices } = await open(store);
  expect(notices).toEqual([expect.stringContaining('there is room for 850 bytes, others are computed again')]);
  for (const key of ['0/a', '0/b', '0/c']) await features.put(new Map([[key, tokens(1)]]));
  expect([...store.features.keys()]).toEqual(['0/a', '0/b']);
  expect(await features.get('0/c')).toEqual(tokens(1));
});

test('a store that fails is said once and done without', async () => {
  const store = new TestFeatureStore();
  const { features, notices } = await open(store, IDENTITY, 0);
  store.failure = new StudioError('storage', 'The disk is full.');
  for (const key of ['0/a', '0/b', '0/c']) await features.put(new Map([[key, tokens(3)]]));
  expect(notices).toEqual(['Features are kept in memory alone from now on. The disk is full.']);
  expect(await features.get('0/b')).toEqual(tokens(3));
});
