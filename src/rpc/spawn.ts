import { proxy, wrap } from 'comlink';
import { StudioError } from '../base/errors.ts';
import { keepStudioErrors } from './errors.ts';
import type { ReadyMessage } from './serve.ts';

/** What is asked of a worker: the browser's `Worker` has it, and so does a message port. */
export interface WorkerLike extends EventTarget {
  postMessage(message: unknown, transfer: Transferable[]): void;
  terminate(): void;
}

export interface WorkerOptions {
  /** For people, as in "The training worker ...". */
  readonly name: string;
  /** Makes a fresh worker; called at the first call, and again at the first call after the worker's death. */
  readonly make: () => WorkerLike;
  /** Ends the worker for good; calls that are pending then, or come later, reject with `cancelled`. */
  readonly signal?: AbortSignal;
  /** Resolves when a worker that holds this lock is gone. The default waits for the Web Lock. */
  readonly untilGone?: (lifeLock: string) => Promise<void>;
}

type Calls = Record<string, (...args: unknown[]) => Promise<unknown>>;

interface LiveWorker {
  readonly calls: Calls;
  /** Never resolves; rejects when the worker is dead. */
  readonly death: Promise<never>;
}

/**
 * A typed stand-in for the API that a worker serves: methods only, all of them promises, functions among the arguments
 * are passed as callbacks. The worker starts at the first call. Calls reject with the worker's own `StudioError`, or
 * with `internal` where the worker could not be loaded or died; what was pending then rejects at once.
 */
export function spawn<Api extends object>(options: WorkerOptions): Api {
  keepStudioErrors();
  let live: LiveWorker | null = null;

  const call = (method: string, args: readonly unknown[]): Promise<unknown> => {
    if (options.signal?.aborted === true) return Promise.reject(ended(options.name));
    live ??= start(options, () => {
      live = null;
    });
    const { calls, death } = live;
    const passed = args.map((argument) => (typeof argument === 'function' ? proxy(argument) : argument));
    const remote = calls[method];
    if (remote === undefined) {
      return Promise.reject(new StudioError('internal', `The ${options.name} worker has no call "${method}".`));
    }
    return Promise.race([remote(...passed), death]);
  };

  const target: Record<string, (...args: unknown[]) => Promise<unknown>> = {};
  return new Proxy(target, {
    // A promise must not take the stand-in for another promise.
    get: (_, method) =>
      typeof method === 'string' && method !== 'then' ? (...args: unknown[]) => call(method, args) : undefined,
  }) as Api;
}

function start({ name, make, signal, untilGone = untilLockIsFree }: WorkerOptions, onDeath: () => void): LiveWorker {
  const worker = make();
  let ready = false;
  let dead = false;
  const death = new Promise<never>((_, reject) => {
    const die = (error: StudioError): void => {
      if (dead) return;
      dead = true;
      worker.terminate();
      onDeath();
      reject(error);
    };
    signal?.addEventListener('abort', () => die(ended(name)), { once: true });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const said = 'message' in event && typeof event.message === 'string' ? event.message : '';
      die(ready ? crashed(name, said) : notLoaded(name, said));
    });
    worker.addEventListener('messageerror', () => die(crashed(name, 'a message could not be read')));
    worker.addEventListener('message', (event) => {
      const message = readyMessage(event);
      if (message === null) return;
      ready = true;
      if (message.lifeLock !== null) void untilGone(message.lifeLock).then(() => die(crashed(name, '')));
    });
  });
  // Nobody may be waiting when it dies: that is no fault.
  death.catch(() => {});
  return { calls: wrap<Calls>(worker as never) as unknown as Calls, death };
}

function readyMessage(event: Event): ReadyMessage | null {
  if (!('data' in event)) return null;
  const data: unknown = event.data;
  if (typeof data !== 'object' || data === null || !('detrain' in data) || data.detrain !== 'ready') return null;
  const lifeLock = 'lifeLock' in data && typeof data.lifeLock === 'string' ? data.lifeLock : null;
  return { detrain: 'ready', lifeLock };
}

async function untilLockIsFree(lifeLock: string): Promise<void> {
  await navigator.locks.request(lifeLock, () => {});
}

function ended(name: string): StudioError {
  return new StudioError('cancelled', `The ${name} worker was ended, as its work is no longer wanted.`);
}

function notLoaded(name: string, said: string): StudioError {
  const reason = said === '' ? 'its script did not arrive' : said;
  return new StudioError(
    'internal',
    `The ${name} worker could not start: ${reason}. Check the connection to this site, then reload the page.`,
    { worker: name },
  );
}

function crashed(name: string, said: string): StudioError {
  const reason = said === '' ? 'the browser ended it, most often for want of memory' : said;
  return new StudioError(
    'internal',
    `The ${name} worker stopped working: ${reason}. What it held is lost; it starts afresh at the next try, ` +
      'and a smaller batch or image size needs less memory.',
    { worker: name },
  );
}
