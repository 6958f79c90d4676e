import { durationText } from '../../src/base/duration-text.ts';

/** How far something is. */
export interface Progress {
  /** What is being done, such as "training". */
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Items a second, or null while it is not known. */
  readonly perSecond: number | null;
  /** What is counted in the rate, such as "images". */
  readonly unit: string;
  readonly secondsLeft: number | null;
  /** Anything worth a few more characters, such as "loss 3.21". */
  readonly note?: string;
}

interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_CELLS = 24;
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5_000;
const START_OF_LINE_AND_ERASE = '\r\x1b[2K';

/** A progress line: drawn over itself on a terminal, and a plain line every five seconds elsewhere. */
export class ProgressLine {
  private lastShownMs = Number.NEGATIVE_INFINITY;
  private drawn = false;

  constructor(
    private readonly stream: ProgressStream,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Shows how far it is, when the last time is long enough ago; the end is always shown on a terminal. */
  update(progress: Progress): void {
    const terminal = this.stream.isTTY === true;
    const now = this.nowMs();
    const ended = terminal && progress.done >= progress.total;
    if (!ended && now - this.lastShownMs < (terminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    this.lastShownMs = now;
    if (!terminal) {
      this.stream.write(`${progressText(progress)}\n`);
      return;
    }
    const line = `${bar(progress.done / progress.total)} ${progressText(progress)}`;
    this.stream.write(START_OF_LINE_AND_ERASE + line.slice(0, (this.stream.columns ?? 80) - 1));
    this.drawn = true;
  }

  /** Takes the line away, so that other text can be written. */
  clear(): void {
    if (!this.drawn) return;
    this.stream.write(START_OF_LINE_AND_ERASE);
    this.drawn = false;
  }
}

/** `training 240/800, 31.4 images/s, 4 min left, loss 3.21` */
export function progressText({ label, done, total, perSecond, unit, secondsLeft, note }: Progress): string {
  const parts = [`${label} ${done}/${total}`];
  if (perSecond !== null) parts.push(`${rateText(perSecond)} ${unit}/s`);
  if (secondsLeft !== null) parts.push(`${durationText(secondsLeft)} left`);
  if (note) parts.push(note);
  return parts.join(', ');
}

function rateText(perSecond: number): string {
  return perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(3);
}

function bar(fraction: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction || 0)) * BAR_CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
}
