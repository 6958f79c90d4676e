import { toStudioError } from '../base/errors.ts';
import type { PictureWork } from './types.ts';

/**
 * Shares the work among workers: each piece goes to the one that has the fewest. What a worker that has died was to do is
 * done by another, and where none is left, `here`; a dead one is asked no more. Results are those of `here`, bit for bit.
 */
export function picturePool(workers: readonly PictureWork[], here: PictureWork): PictureWork {
  const alive = new Map(workers.map((worker) => [worker, 0]));

  const share = async <Result>(piece: (worker: PictureWork) => Promise<Result>): Promise<Result> => {
    for (;;) {
      const [least] = [...alive].sort(([, a], [, b]) => a - b);
      if (least === undefined) return piece(here);
      const [worker] = least;
      alive.set(worker, (alive.get(worker) ?? 0) + 1);
      try {
        return await piece(worker);
      } catch (thrown) {
        // A worker's own death is the one fault that lies neither in the picture nor in its file.
        if (toStudioError(thrown).code !== 'internal') throw thrown;
        alive.delete(worker);
      } finally {
        const pending = alive.get(worker);
        if (pending !== undefined) alive.set(worker, pending - 1);
      }
    }
  };

  return {
    keep: (bytes, expected, config) => share((worker) => worker.keep(bytes, expected, config)),
    collate: (pictures, size, config, pixels) => {
      const { length } = pixels;
      // The memory may have gone with a worker that died.
      return share((worker) =>
        worker.collate(pictures, size, config, pixels.length === length ? pixels : new Float32Array(length)),
      );
    },
  };
}
