import { expect, test } from 'vitest';
import { sharedPromise } from './shared-promise.ts';

test('it is made once, again after a failure, and again once it is forgotten', async () => {
  let made = 0;
  let fails = true;
  const shared = sharedPromise(async () => {
    made++;
    if (fails) throw new Error('no');
    return made;
  });
  const [a, b] = [shared.get(), shared.get()];
  await expect(a).rejects.toThrow('no');
  await expect(b).rejects.toThrow('no');
  expect(made).toBe(1);
  fails = false;
  expect(await Promise.all([shared.get(), shared.get()])).toEqual([2, 2]);
  shared.forget();
  expect(await shared.get()).toBe(3);
});
