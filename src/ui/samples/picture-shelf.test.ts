import { expect, test } from 'vitest';
import { createPictureShelf, type Turns } from './picture-shelf.ts';

function shelf(atOnce: number, mostIdle: number, turns?: Turns) {
  const sent: string[] = [];
  const freed: string[] = [];
  const answers = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const made = createPictureShelf<string>({
    atOnce,
    mostIdle,
    dispose: (value) => freed.push(value),
    ...(turns === undefined ? {} : { turns }),
  });
  const hold = (key: string, onChange: () => void = () => {}) =>
    made.hold(
      key,
      () =>
        new Promise((resolve, reject) => {
          sent.push(key);
          answers.set(key, { resolve: () => resolve(key), reject });
        }),
      onChange,
    );
  const answer = async (key: string): Promise<void> => {
    answers.get(key)?.resolve();
    await new Promise((resolve) => setTimeout(resolve));
  };
  const fail = async (key: string): Promise<void> => {
    answers.get(key)?.reject(new Error('no such picture'));
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { ...made, hold, answer, fail, sent, freed };
}

test('no more than a few are asked for at once, the newest wish first', async () => {
  const { hold, answer, sent } = shelf(2, 10);
  for (const key of ['a', 'b', 'c', 'd']) hold(key);
  expect(sent).toEqual(['a', 'b']);
  await answer('a');
  expect(sent).toEqual(['a', 'b', 'd']);
});

test('what was scrolled away is never sent for', async () => {
  const { hold, answer, sent } = shelf(1, 10);
  hold('a');
  const leave = hold('b');
  hold('c');
  leave();
  await answer('a');
  await answer('c');
  expect(sent).toEqual(['a', 'c']);
});

test('what is shown is kept, of the rest the oldest is freed first', async () => {
  const { hold, answer, freed, look } = shelf(9, 1);
  const leave = ['a', 'b', 'c'].map((key) => hold(key));
  for (const key of ['a', 'b', 'c']) await answer(key);
  leave[0]?.();
  leave[1]?.();
  expect(freed).toEqual(['a']);
  expect(look('b')).toEqual({ state: 'ready', value: 'b' });
  expect(look('c')).toEqual({ state: 'ready', value: 'c' });
});

test('a picture that two look at is fetched once and stays until both are gone', async () => {
  const { hold, answer, sent, freed } = shelf(9, 0);
  const first = hold('a');
  const second = hold('a');
  await answer('a');
  first();
  first();
  expect(freed).toEqual([]);
  second();
  expect([sent, freed]).toEqual([['a'], ['a']]);
});

test('an answer that comes when nobody waits any more is freed too', async () => {
  const { hold, answer, freed } = shelf(9, 0);
  hold('a')();
  await answer('a');
  expect(freed).toEqual(['a']);
});

test('a failure is told, and tried again at the next look', async () => {
  const { hold, fail, look, sent } = shelf(9, 9);
  let told = 0;
  const leave = hold('a', () => {
    told += 1;
  });
  await fail('a');
  expect(look('a')).toMatchObject({ state: 'failed', error: { message: 'no such picture' } });
  expect(told).toBe(1);
  leave();
  hold('a');
  expect(sent).toEqual(['a', 'a']);
});

/** A shelf that shows two at a turn, and what makes the turns come. */
function shelfInTurns() {
  const wanted: (() => void)[] = [];
  const made = shelf(9, 9, { most: 2, next: (show) => wanted.push(show) });
  const turn = (): void => {
    for (const show of wanted.splice(0)) show();
  };
  return { ...made, turn, turns: wanted };
}

test('what comes is shown in turns, so many at each, and the last turn ends them', async () => {
  const { hold, answer, look, turn, turns } = shelfInTurns();
  const told: string[] = [];
  for (const key of ['a', 'b', 'c']) hold(key, () => told.push(key));
  for (const key of ['a', 'b', 'c']) await answer(key);
  expect([told, look('a').state]).toEqual([[], 'waiting']);
  turn();
  expect([told, look('a').state, look('c').state]).toEqual([['a', 'b'], 'ready', 'waiting']);
  turn();
  expect([told, look('c').state, turns]).toEqual([['a', 'b', 'c'], 'ready', []]);
});

test('what was kept has its turn too where it is held again, but not what only moves', async () => {
  const { hold, answer, look, turn, sent } = shelfInTurns();
  const leave = hold('a');
  await answer('a');
  turn();
  leave();
  const leaveAgain = hold('a');
  turn();
  expect(look('a')).toEqual({ state: 'ready', value: 'a' });
  leaveAgain();
  turn();
  hold('a');
  expect(look('a').state).toBe('waiting');
  turn();
  expect([look('a').state, sent]).toEqual(['ready', ['a']]);
});

test('what is left before its turn is kept and not shown', async () => {
  const { hold, answer, turn, freed, look } = shelfInTurns();
  const told: string[] = [];
  const leave = hold('a', () => told.push('a'));
  await answer('a');
  leave();
  turn();
  expect([told, freed, look('a').state]).toEqual([[], [], 'waiting']);
});
