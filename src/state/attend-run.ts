import type { StoreApi } from 'zustand/vanilla';
import { watchFrozenTime } from './frozen-time.ts';
import type { RunState } from './run.ts';
import { browserRunLock, RUN_CHANNEL, shareRun } from './run-elsewhere.ts';
import { runReport } from './status.ts';

const LOOK_EVERY_MS = 1000;

/**
 * What a run needs of the browser while this page is open: the screen stays awake while a run can be seen, time in which the
 * tab was frozen is told to the worker, and the other tabs hear of it. `onEnded` hears when another tab's run has ended.
 */
export function attendRun(run: StoreApi<RunState>, onEnded: () => void): void {
  if (typeof BroadcastChannel !== 'undefined') {
    shareRun(run, runReport, onEnded, new BroadcastChannel(RUN_CHANNEL), browserRunLock());
  }
  tellFrozenTime(run);
  keepAwake(run);
}

function tellFrozenTime(run: StoreApi<RunState>): void {
  const watch = watchFrozenTime(Date.now());
  const tell = (milliseconds: number | null): void => {
    if (milliseconds !== null && run.getState().phase === 'running') void run.getState().wasFrozen(milliseconds);
  };
  document.addEventListener('freeze', () => watch.frozen(Date.now()));
  document.addEventListener('resume', () => tell(watch.thawed(Date.now())));
  setInterval(() => tell(watch.tick(Date.now())), LOOK_EVERY_MS);
}

function keepAwake(run: StoreApi<RunState>): void {
  let held: WakeLockSentinel | null = null;
  let asking = false;
  const wanted = (): boolean => run.getState().phase === 'running' && document.visibilityState === 'visible';
  const look = async (): Promise<void> => {
    if (asking) return;
    if (wanted() && (held === null || held.released)) {
      asking = true;
      try {
        held = (await navigator.wakeLock?.request('screen')) ?? null;
      } catch {
        // Refused on low battery and the like: the screen may go dark, and the run goes on.
        held = null;
      }
      asking = false;
    }
    if (!wanted() && held !== null) {
      const before = held;
      held = null;
      await before.release();
    }
  };
  let phase = run.getState().phase;
  run.subscribe((state) => {
    if (state.phase === phase) return;
    phase = state.phase;
    void look();
  });
  document.addEventListener('visibilitychange', () => void look());
}
