import { transfer } from 'comlink';
import type { PictureWork } from '../data/types.ts';
import { spawn, type WorkerOptions } from './spawn.ts';

/** What a picture worker serves: the work, whose results go to whoever asked without being copied. */
export function servedPictureWork(work: PictureWork): PictureWork {
  return {
    keep: async (...picture) => {
      const image = await work.keep(...picture);
      return transfer(image, [image.data.buffer as ArrayBuffer]);
    },
    collate: async (...batch) => {
      const pixels = await work.collate(...batch);
      return transfer(pixels, [pixels.buffer as ArrayBuffer]);
    },
  };
}

/** A picture worker's stand-in: the memory that a batch is to be written into goes there without being copied. */
export function spawnPictureWork(options: WorkerOptions): PictureWork {
  const worker = spawn<PictureWork>(options);
  return {
    keep: (...picture) => worker.keep(...picture),
    collate: (pictures, size, config, pixels) =>
      worker.collate(pictures, size, config, transfer(pixels, [pixels.buffer as ArrayBuffer])),
  };
}
