import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { coalesce } from './coalesce.ts';
import type { TrainEvent } from './protocol.ts';

const notice = (message: string): TrainEvent => ({ type: 'notice', message });
const progress = (done: number): TrainEvent => ({
  type: 'progress',
  phase: 'training',
  done,
  total: 1000,
  perSecond: null,
  secondsLeft: null,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a thousand events a second become at most ten messages, none lost but old progress', () => {
  const sent: (readonly TrainEvent[])[] = [];
  const events = coalesce(
    (batch) => sent.push(batch),
    100,
    () => Date.now(),
  );
  for (let i = 0; i < 1000; i += 1) {
    events.push([notice(`${i}`), progress(i)]);
    vi.advanceTimersByTime(1);
  }
  events.flush();
  expect(sent.length).toBeLessThanOrEqual(11);
  const notices = sent.flat().filter((event) => event.type === 'notice');
  expect(notices.map(({ message }) => Number(message))).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  for (const batch of sent) expect(batch.filter((event) => event.type === 'progress')).toHaveLength(1);
  expect(sent.at(-1)?.at(-1)).toEqual(progress(999));
});

test('what comes after a pause goes out at once, without a timer', () => {
  const sent: (readonly TrainEvent[])[] = [];
  const events = coalesce(
    (batch) => sent.push(batch),
    100,
    () => Date.now(),
  );
  events.push([notice('a')]);
  expect(sent).toHaveLength(1);
  events.push([notice('b')]);
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(100);
  expect(sent).toHaveLength(2);
});
