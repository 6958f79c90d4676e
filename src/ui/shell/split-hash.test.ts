import { expect, test } from 'vitest';
import { splitHash } from './split-hash.ts';

test('an address of a room is read with a query and without', () => {
  expect(splitHash('')).toEqual({ path: '/', query: '' });
  expect(splitHash('#/train')).toEqual({ path: '/train', query: '' });
  expect(splitHash('#train')).toEqual({ path: '/train', query: '' });
  expect(splitHash('#/train/?steps=5&note=why?')).toEqual({ path: '/train', query: 'steps=5&note=why?' });
  expect(splitHash('/runs?ids=a')).toEqual({ path: '/runs', query: 'ids=a' });
});
