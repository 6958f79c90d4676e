import { rateMeter } from '../base/rate-meter.ts';
import { seldom } from '../base/seldom.ts';
import type { ProjectProgress } from './types.ts';

/** Counts the bytes of a project on its way, and tells how far it is, at most ten times a second. `now` in milliseconds. */
export function projectProgress(
  { way, name, bytesTotal }: Pick<ProjectProgress, 'way' | 'name' | 'bytesTotal'>,
  now: () => number,
  onProgress: (progress: ProjectProgress) => void,
): (bytes: number) => void {
  const meter = rateMeter(now);
  let bytesDone = 0;
  const isTime = seldom(now);
  return (bytes) => {
    bytesDone += bytes;
    if (!isTime()) return;
    meter.report(bytesDone);
    // Of an estimate, more may come.
    const total = Math.max(bytesTotal, bytesDone);
    const { perSecond, secondsLeft } = meter.rate(total);
    onProgress({ way, name, bytesDone, bytesTotal: total, bytesPerSecond: perSecond, secondsLeft });
  };
}
