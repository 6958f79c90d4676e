import type { StoreApi } from 'zustand/vanilla';
import { RUN_LOCK } from '../base/lock-names.ts';
import { isActive, type RunPhase, type RunState } from './run.ts';

/** The run of another tab, as that tab tells it. */
export interface RunElsewhere {
  /** Empty where that tab holds the lock but has not told. */
  readonly name: string;
  readonly step: number;
  readonly steps: number;
  /** The words of its status line, such as `evaluating 12 of 80`. */
  readonly phase: string;
  readonly imagesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

type Message =
  | { readonly detrain: 'hello' }
  | { readonly detrain: 'run'; readonly run: RunElsewhere }
  | { readonly detrain: 'ended' };

/** Port: the studio's tabs among each other. `BroadcastChannel` is one. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** Port: whether some tab trains, and when it no longer does; Web Locks know it even of a tab that crashed. */
export interface RunLock {
  isHeld(): Promise<boolean>;
  /** Resolves when nobody holds it. */
  untilFree(): Promise<void>;
}

export const RUN_CHANNEL = 'detrain-run';
const TELL_EVERY_MS = 500;

const UNKNOWN: RunElsewhere = { name: '', step: 0, steps: 0, phase: '', imagesPerSecond: null, secondsLeft: null };

/**
 * Tells the other tabs what this one trains, twice a second at most, and takes what they tell into the store.
 * `report` words the run for them; `onEnded` hears when another tab's run has ended.
 */
export function shareRun(
  store: StoreApi<RunState>,
  report: (state: RunState) => RunElsewhere,
  onEnded: () => void,
  channel: TabChannel,
  lock: RunLock,
  now: () => number = () => performance.now(),
): void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let toldPhase: RunPhase = store.getState().phase;
  let waiting = false;
  const send = (message: Message): void => channel.postMessage(message);

  const tell = (state: RunState): void => {
    const changed = state.phase !== toldPhase;
    if (!isActive(state.phase)) {
      if (isActive(toldPhase)) send({ detrain: 'ended' });
    } else if (changed || now() - toldAt >= TELL_EVERY_MS) {
      toldAt = now();
      send({ detrain: 'run', run: report(state) });
    }
    toldPhase = state.phase;
  };

  const ended = (): void => {
    if (store.getState().elsewhere === null) return;
    store.setState({ elsewhere: null });
    onEnded();
  };

  const heard = (run: RunElsewhere): void => {
    // A run that this tab asked for a moment too late is refused by the worker: that is told there.
    if (isActive(store.getState().phase)) return;
    store.setState({ elsewhere: run });
    if (waiting) return;
    waiting = true;
    void lock.untilFree().then(() => {
      waiting = false;
      ended();
    });
  };

  store.subscribe(tell);
  channel.addEventListener('message', ({ data }) => {
    const message = messageOf(data);
    if (message?.detrain === 'hello') {
      if (isActive(store.getState().phase)) send({ detrain: 'run', run: report(store.getState()) });
    } else if (message?.detrain === 'run') heard(message.run);
    else if (message?.detrain === 'ended') ended();
  });
  send({ detrain: 'hello' });
  void lock.isHeld().then((held) => {
    if (held && store.getState().elsewhere === null) heard(UNKNOWN);
  });
}

/** Web Locks, or nothing to wait for where the browser has none. */
export function browserRunLock(locks: LockManager | undefined = globalThis.navigator?.locks): RunLock {
  return {
    isHeld: async () => ((await locks?.query())?.held ?? []).some(({ name }) => name === RUN_LOCK),
    untilFree: () =>
      locks === undefined ? new Promise(() => {}) : locks.request(RUN_LOCK, { mode: 'shared' }, () => {}),
  };
}

/** Another version of the studio may say other things: what is not understood is let pass. */
function messageOf(data: unknown): Message | null {
  if (typeof data !== 'object' || data === null || !('detrain' in data)) return null;
  if (data.detrain === 'hello' || data.detrain === 'ended') return { detrain: data.detrain };
  if (data.detrain !== 'run' || !('run' in data) || typeof data.run !== 'object' || data.run === null) return null;
  const { name, step, steps, phase, imagesPerSecond, secondsLeft } = data.run as Record<string, unknown>;
  if (typeof name !== 'string' || typeof step !== 'number' || typeof steps !== 'number') return null;
  return {
    detrain: 'run',
    run: {
      name,
      step,
      steps,
      phase: typeof phase === 'string' ? phase : '',
      imagesPerSecond: typeof imagesPerSecond === 'number' ? imagesPerSecond : null,
      secondsLeft: typeof secondsLeft === 'number' ? secondsLeft : null,
    },
  };
}
