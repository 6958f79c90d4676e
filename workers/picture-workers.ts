import type { PictureWork } from '../src/data/types.ts';
import { spawnPictureWork } from '../src/rpc/picture-worker.ts';

/** More than a few would only hold pictures: one thread makes batches for a step of a tenth of a second. */
const MOST = 3;

/** Workers for pictures, as many as the processor has cores beside this thread's; they start at the first call. */
export function pictureWorkers(signal: AbortSignal): PictureWork[] {
  const count = Math.min(MOST, Math.max(1, navigator.hardwareConcurrency - 1));
  const make = () => new Worker(new URL('./picture.worker.ts', import.meta.url), { type: 'module' });
  return Array.from({ length: count }, () => spawnPictureWork({ name: 'picture', make, signal }));
}
