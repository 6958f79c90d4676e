import { rateMeter } from '../base/rate-meter.ts';
import type { ImportProgress } from './types.ts';

/** Ten a second is more than anyone reads. */
const EVERY_MS = 100;

/** What is known of an import at this moment. */
export interface ImportState {
  readonly name: string;
  readonly bytesDone: number;
  readonly bytesTotal: number | null;
  readonly picturesDone: number;
}

/** Tells how far an import is, at most ten times a second, and at once where its phase changes. `now` in milliseconds. */
export function importProgress(
  now: () => number,
  onProgress: (progress: ImportProgress) => void,
): (phase: ImportProgress['phase'], state: () => ImportState) => void {
  const meter = rateMeter(now);
  let lastAt = Number.NEGATIVE_INFINITY;
  let lastPhase: ImportProgress['phase'] | null = null;
  return (phase, state) => {
    const at = now();
    if (phase === lastPhase && at - lastAt < EVERY_MS) return;
    lastAt = at;
    lastPhase = phase;
    const known = state();
    meter.report(known.bytesDone);
    const { perSecond, secondsLeft } = meter.rate(known.bytesTotal ?? known.bytesDone);
    onProgress({
      ...known,
      phase,
      bytesPerSecond: phase === 'reading' ? perSecond : null,
      secondsLeft: phase === 'reading' && known.bytesTotal !== null ? secondsLeft : null,
    });
  };
}
