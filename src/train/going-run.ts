import { durationText } from '../base/duration-text.ts';
import type { TrainEvent } from './types.ts';

/** The handles of a run that goes on: stopping, pausing, and time that was no training. */
export class GoingRun {
  readonly #stop = new AbortController();
  #paused: { readonly until: Promise<void>; readonly release: () => void } | null = null;
  #frozenMs = 0;

  constructor(readonly onEvent: (event: TrainEvent) => void) {}

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** While paused, what is to be awaited before the next step. */
  gate(): Promise<void> | undefined {
    return this.#paused?.until;
  }

  pause(): void {
    if (this.#paused || this.signal.aborted) return;
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#paused = { until, release };
  }

  resume(): void {
    this.#paused?.release();
    this.#paused = null;
  }

  stop(): void {
    this.#stop.abort();
    this.resume();
  }

  /** The thread stood still for so long; a pause counts for no time already. */
  froze(milliseconds: number): void {
    if (!(milliseconds > 0)) return;
    if (!this.#paused) this.#frozenMs += milliseconds;
    const message = `The browser froze this tab for ${durationText(milliseconds / 1000)}; training goes on where it was.`;
    this.onEvent({ type: 'notice', message });
  }

  /** How long it stood still since this was last asked. */
  takeFrozenMs(): number {
    const taken = this.#frozenMs;
    this.#frozenMs = 0;
    return taken;
  }
}
