import { expect, test } from 'vitest';
import { createRunStore } from './run.ts';
import { shareRun, type TabChannel } from './run-elsewhere.ts';
import { runReport } from './status.ts';
import { testHistory, testStep, testTrainer } from './test-train.ts';

const { settings } = testHistory('a').summary;
const START = {
  name: 'cells 1',
  dataSet: { id: 'emoji-scenes', name: 'cells' },
  from: { kind: 'bundled' },
  settings,
  measuredAs: null,
} as const;

/** Tabs of one browser; messages arrive at once, at all but the sender. */
function browser() {
  const listeners = new Map<object, (event: MessageEvent) => void>();
  const sent: unknown[] = [];
  let free: () => void = () => {};
  let held = false;
  const until = { now: new Promise<void>(() => {}) };
  const lock = { isHeld: async () => held, untilFree: () => until.now };
  const tab = (clock: () => number = () => 0) => {
    const trainer = testTrainer();
    const store = createRunStore(
      trainer.api,
      {
        runHistory: async (id) => testHistory(id),
        runWeights: () => Promise.reject(new Error('not asked for')),
        sealVersion: async () => ({ number: 1, hash: '' }),
      },
      () => {},
      null,
    );
    const ended: string[] = [];
    const channel: TabChannel = {
      postMessage: (data) => {
        sent.push(data);
        for (const [other, listener] of listeners) if (other !== channel) listener({ data } as MessageEvent);
      },
      addEventListener: (_, listener) => listeners.set(channel, listener),
    };
    shareRun(store, runReport, () => ended.push('ended'), channel, lock, clock);
    return { store, trainer, ended };
  };
  const hold = () => {
    held = true;
    until.now = new Promise((resolve) => {
      free = resolve;
    });
  };
  return { tab, sent, hold, free: () => free() };
}

test('another tab hears of a run while it goes on, and of its end', async () => {
  const { tab } = browser();
  const [one, other] = [tab(), tab()];
  const run = one.store.getState().start(START);
  one.trainer.tell({ type: 'step', record: testStep(7) });
  expect(other.store.getState().elsewhere).toMatchObject({ name: 'cells 1', step: 7, steps: 400 });
  expect(one.store.getState().elsewhere).toBeNull();
  one.trainer.end();
  await run;
  expect(other.store.getState().elsewhere).toBeNull();
  expect(other.ended).toEqual(['ended']);
});

test('a tab that is opened later is told at once', () => {
  const { tab } = browser();
  const one = tab();
  void one.store.getState().start(START);
  one.trainer.tell({ type: 'step', record: testStep(7) });
  expect(tab().store.getState().elsewhere).toMatchObject({ name: 'cells 1', step: 7 });
});

test('however fast the steps, it tells twice a second', () => {
  let now = 0;
  const { tab, sent } = browser();
  const one = tab(() => now);
  void one.store.getState().start(START);
  const before = sent.length;
  for (let step = 1; step <= 200; step += 1) {
    now += 10;
    one.trainer.tell({ type: 'step', record: testStep(step) });
  }
  expect(sent.length - before).toBeLessThanOrEqual(5);
});

test('a tab that holds the lock and says nothing is known too, and so is its crash', async () => {
  const { tab, hold, free } = browser();
  hold();
  const { store, ended } = tab();
  await Promise.resolve();
  await Promise.resolve();
  expect(store.getState().elsewhere).toMatchObject({ name: '' });
  free();
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect(store.getState().elsewhere).toBeNull();
  expect(ended).toEqual(['ended']);
});
