import { rateMeter } from '../base/rate-meter.ts';
import { seldom } from '../base/seldom.ts';
import type { ImportProgress } from './types.ts';

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
  const isTime = seldom(now);
  let lastPhase: ImportProgress['phase'] | null = null;
  return (phase, state) => {
    if (!isTime(phase !== lastPhase)) return;
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
