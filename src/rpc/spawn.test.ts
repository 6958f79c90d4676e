import { expose } from 'comlink';
import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { keepStudioErrors } from './errors.ts';
import { spawn, type WorkerLike } from './spawn.ts';

interface EchoApi {
  add(a: number, b: number): Promise<number>;
  refuse(): Promise<void>;
  breakDown(): Promise<void>;
  countTo(n: number, tell: (i: number) => void): Promise<number>;
  never(): Promise<void>;
}

const api: EchoApi = {
  add: async (a, b) => a + b,
  refuse: async () => {
    throw new StudioError('bad-weights', 'The file has 3 bytes; a header needs 8. Fetch it again.', { bytes: 3 });
  },
  breakDown: async () => {
    throw new TypeError('x is not a function');
  },
  countTo: async (n, tell) => {
    for (let i = 1; i <= n; i += 1) tell(i);
    return n;
  },
  never: () => new Promise(() => {}),
};

/** A real message channel with the API behind it, and a handle by which the test makes the worker die. */
class Thread extends EventTarget implements WorkerLike {
  static made = 0;
  readonly #channel = new MessageChannel();
  terminated = false;

  constructor() {
    super();
    Thread.made += 1;
    keepStudioErrors();
    expose(api, this.#channel.port2);
    this.#channel.port1.addEventListener('message', (event) => {
      this.dispatchEvent(Object.assign(new Event('message'), { data: event.data }));
    });
    this.#channel.port1.start();
  }

  ready(lifeLock: string | null): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: { detrain: 'ready', lifeLock } }));
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#channel.port1.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
  }
}

function spawned(): { remote: EchoApi; threads: Thread[]; releaseLock: () => void } {
  const threads: Thread[] = [];
  let releaseLock = (): void => {};
  const remote = spawn<EchoApi>({
    name: 'test',
    make: () => {
      const thread = new Thread();
      threads.push(thread);
      return thread;
    },
    untilGone: () =>
      new Promise((resolve) => {
        releaseLock = resolve;
      }),
  });
  return { remote, threads, releaseLock: () => releaseLock() };
}

test('calls, answers and callbacks pass', async () => {
  const { remote, threads } = spawned();
  expect(threads).toHaveLength(0);
  expect(await remote.add(2, 3)).toBe(5);
  const told: number[] = [];
  expect(await remote.countTo(3, (i) => told.push(i))).toBe(3);
  await expect.poll(() => told).toEqual([1, 2, 3]);
  expect(threads).toHaveLength(1);
  threads[0]?.terminate();
});

test('an error keeps its code, message and details; any other becomes internal', async () => {
  const { remote, threads } = spawned();
  const refused = await remote.refuse().catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(StudioError);
  expect(refused).toMatchObject({
    code: 'bad-weights',
    message: 'The file has 3 bytes; a header needs 8. Fetch it again.',
    details: { bytes: 3 },
  });
  await expect(remote.breakDown()).rejects.toMatchObject({ code: 'internal', message: 'x is not a function' });
  threads[0]?.terminate();
});

test('a worker that dies rejects what is pending, and the next call gets a fresh one', async () => {
  const { remote, threads, releaseLock } = spawned();
  const pending = remote.never();
  threads[0]?.ready('its lock');
  releaseLock();
  await expect(pending).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('stopped working'),
  });
  expect(threads[0]?.terminated).toBe(true);
  expect(await remote.add(1, 1)).toBe(2);
  expect(threads).toHaveLength(2);
  threads[1]?.terminate();
});

test('a script that does not load is told as such, one that crashes later as a crash', async () => {
  const { remote, threads } = spawned();
  const first = remote.never();
  threads[0]?.dispatchEvent(new Event('error'));
  await expect(first).rejects.toMatchObject({ message: expect.stringContaining('could not start') });
  const second = remote.never();
  threads[1]?.ready(null);
  threads[1]?.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  await expect(second).rejects.toMatchObject({ message: expect.stringContaining('out of memory') });
});
