import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { CheckpointSaver } from './checkpoint-saver.ts';
import { TestRunStore } from './test-run.ts';
import type { TrainEvent } from './types.ts';

const FILES = new Map([['w', new Uint8Array(1)]]);

/** A store whose saves end when the test says so, and the events that come of them. */
function setUp() {
  const store = new TestRunStore();
  const events: TrainEvent[] = [];
  const ends: ((error?: Error) => void)[] = [];
  store.saveCheckpoint = () =>
    new Promise((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  const saver = new CheckpointSaver(store, (event) => events.push(event));
  const end = (error?: Error) => ends.shift()?.(error);
  return { saver, events, end, going: () => ends.length };
}

const full = () => new StudioError('storage', 'It needs 5 MB, and 1 MB are free.');

test('training does not wait for a save, and the next save waits for it', async () => {
  const { saver, events, end, going } = setUp();
  await saver.save('last', 1, FILES);
  expect(events).toEqual([]);
  const second = saver.save('best', 2, FILES);
  await Promise.resolve();
  expect(going()).toBe(1);
  end();
  await second;
  expect(going()).toBe(1);
  end();
  await saver.finish();
  expect(events).toEqual([
    { type: 'checkpoint', step: 1, kind: 'last' },
    { type: 'checkpoint', step: 2, kind: 'best' },
  ]);
});

test('no room is said once in a row, and so is room that is there again', async () => {
  const { saver, events, end } = setUp();
  for (const step of [1, 2, 3]) {
    const saved = saver.save('last', step, FILES);
    await saved;
    end(step < 3 ? full() : undefined);
    await saver.settle();
    saver.wentOn();
  }
  await saver.finish();
  expect(events).toEqual([
    { type: 'notice', message: expect.stringMatching(/step 1 could not be kept. It needs 5 MB.*Training goes on/) },
    { type: 'notice', message: expect.stringMatching(/kept again, as of step 3/) },
    { type: 'checkpoint', step: 3, kind: 'last' },
  ]);
});

test('a last checkpoint that found no room is an error at the end; anything else is one at once', async () => {
  const { saver, events, end } = setUp();
  await saver.save('last', 1, FILES);
  end(full());
  const message = 'The last checkpoint of step 1 could not be kept. It needs 5 MB, and 1 MB are free.';
  await expect(saver.finish()).rejects.toMatchObject({ code: 'storage', message });
  // Nothing went on after it.
  expect(events).toEqual([]);
  await saver.save('last', 2, FILES);
  end(new Error('a defect'));
  await expect(saver.save('last', 3, FILES)).rejects.toThrow('a defect');
});
