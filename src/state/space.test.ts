import { expect, test } from 'vitest';
import { refusalOf } from '../base/test-refusal.ts';
import { browserSpace, neededSpace, refuseWithoutSpace } from './space.ts';

const file = (path: string, bytes: number) => ({ path, file: new Blob([new Uint8Array(bytes)]) });
const plan = { atLeast: false, persisted: true };

test('what was stored before the break is not needed again', () => {
  const interrupted = [{ id: 'i', name: 'cells', picturesStored: 3, bytesStored: 40, startedAtMs: 0, address: null }];
  expect(neededSpace('cells', [file('a.tar', 60), file('b.tar', 50)], interrupted)).toEqual({
    neededBytes: 70,
    atLeast: false,
  });
  expect(neededSpace('other', [file('a.tar.gz', 60)], interrupted)).toEqual({ neededBytes: 60, atLeast: true });
});

test('an import that cannot fit is refused with both figures, and nothing is refused on a guess', () => {
  const error = refusalOf(() => refuseWithoutSpace('VOC', { ...plan, neededBytes: 2e9, freeBytes: 3e8 }));
  expect(error.code).toBe('storage');
  expect(error.message).toContain('2.0 GB');
  expect(error.message).toContain('300 MB');
  expect(error.details).toEqual({ neededBytes: 2e9, freeBytes: 3e8 });
  for (const fits of [
    { neededBytes: 1, freeBytes: 1 },
    { neededBytes: null, freeBytes: 0 },
    { neededBytes: 1, freeBytes: null },
  ]) {
    expect(() => refuseWithoutSpace('VOC', { ...plan, ...fits })).not.toThrow();
  }
});

test('a browser that says nothing of its storage is asked no more', async () => {
  const silent = browserSpace(undefined);
  expect(await silent.report()).toEqual({ usedBytes: null, freeBytes: null, persisted: null });
  expect(await silent.persist()).toBeNull();
});
