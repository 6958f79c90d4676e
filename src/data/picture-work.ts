import type { Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import { collatePixels } from './collate.ts';
import { normaliseTable } from './normalise.ts';
import { keptPicture } from './preprocess.ts';
import type { DecodeImage, PictureWork } from './types.ts';

/** The work done on this thread. */
export function pictureWorkHere(decode: DecodeImage): PictureWork {
  return {
    async keep(bytes, expected, config) {
      const image = await decode(bytes);
      refuseOtherSize(image.size, expected);
      return keptPicture(image, config);
    },
    collate: async (pictures, size, config, pixels) => collatePixels(pictures, size, normaliseTable(config), pixels),
  };
}

/** The boxes are for the size that the header gave. Throws `bad-image`. */
export function refuseOtherSize(found: Size, expected: Size): void {
  if (found.h === expected.h && found.w === expected.w) return;
  throw new StudioError(
    'bad-image',
    `The picture is ${found.w} x ${found.h} pixels now, and was ${expected.w} x ${expected.h} when it was read.`,
  );
}
