import { expect, test } from 'vitest';
import { createNetworkStore } from './network.ts';

test('questions are put one after the other, and each gets its own answer', async () => {
  const store = createNetworkStore();
  const first = store.getState().mayAsk({ url: 'https://a.example/1.tar', what: '1.tar' });
  const second = store.getState().mayAsk({ url: 'https://b.example/2.tar', what: '2.tar' });
  expect(store.getState().question?.what).toBe('1.tar');
  store.getState().answer(true);
  expect(store.getState().question?.what).toBe('2.tar');
  store.getState().answer(false);
  expect(store.getState().question).toBeNull();
  expect(await Promise.all([first, second])).toEqual([true, false]);
});
