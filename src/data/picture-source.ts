import { StudioError, toStudioError } from '../base/errors.ts';
import type { PictureCache } from './picture-cache.ts';
import { keptPicture } from './preprocess.ts';
import type { DataSet, DecodeImage, PreprocessorConfig, Problem, RgbImage, Sample } from './types.ts';

/** Gives a sample's picture, decoded and as `keptPicture` has it, or null where it cannot be used, which is reported once. */
export type PictureSource = (sample: Sample) => Promise<RgbImage | null>;

/** What pictures are read with. */
export interface PictureReading {
  readonly dataSet: DataSet;
  readonly decode: DecodeImage;
  readonly preprocessor: PreprocessorConfig;
  /** Shared by loaders of one data set and one size, so that a picture is decoded once. */
  readonly cache: PictureCache;
  /** Hears of each picture that cannot be decoded, once. */
  readonly onProblem: (problem: Problem) => void;
}

/** Gives what `use` makes of a sample's decoded picture, or null where it cannot be used, which is reported once. */
export type DecodedSource = <Used>(sample: Sample, use: (image: RgbImage) => Used) => Promise<Used | null>;

/** A source of pictures over a data set, that keeps them in its cache. Leaves out and throws as `createDecodedSource`. */
export function createPictureSource(reading: PictureReading): PictureSource {
  const { preprocessor, cache } = reading;
  const decoded = createDecodedSource(reading);
  return async (sample) => {
    const key = `${preprocessor.shortestEdge}/${preprocessor.longestEdge}/${sample.id}`;
    const held = cache.get(key);
    if (held !== undefined) return held;
    const kept = await decoded(sample, (image) => keptPicture(image, preprocessor));
    if (kept !== null) cache.set(key, kept);
    return kept;
  };
}

/**
 * A source of pictures at their own size. A damaged picture is left out and reported; a missing file, too, for a data set may
 * be changed under a run. Everything else is thrown.
 */
export function createDecodedSource({
  dataSet,
  decode,
  onProblem,
}: Pick<PictureReading, 'dataSet' | 'decode' | 'onProblem'>): DecodedSource {
  const reported = new Set<string>();
  return async (sample, use) => {
    try {
      const image = await decode(await dataSet.imageBytes(sample.id));
      refuseOtherSize(sample, image);
      return use(image);
    } catch (thrown) {
      const error = toStudioError(thrown);
      if (error.code !== 'bad-image' && error.code !== 'not-found') throw error;
      if (!reported.has(sample.id)) {
        reported.add(sample.id);
        onProblem({ file: sample.imagePath, severity: 'refused', reason: error.message });
      }
      return null;
    }
  };
}

/** The boxes are for the size that the header gave. */
function refuseOtherSize({ size }: Sample, image: RgbImage): void {
  if (image.size.h === size.h && image.size.w === size.w) return;
  const found = `${image.size.w} x ${image.size.h}`;
  throw new StudioError(
    'bad-image',
    `The picture is ${found} pixels now, and was ${size.w} x ${size.h} when it was read.`,
  );
}

/** The samples of a split, in its order. Throws `not-found` for a split that the data set lacks, naming those it has. */
export function samplesOfSplit(dataSet: DataSet, split: string): Sample[] {
  const ids = Object.hasOwn(dataSet.splits, split) ? dataSet.splits[split] : undefined;
  if (ids === undefined) {
    const names = Object.keys(dataSet.splits).join(', ');
    throw new StudioError('not-found', `${dataSet.name} has no split "${split}"; it has ${names}.`, { split });
  }
  const byId = new Map(dataSet.samples.map((sample) => [sample.id, sample]));
  return ids.map((id) => {
    const sample = byId.get(id);
    if (sample === undefined)
      throw new StudioError('internal', `The split ${split} names "${id}", which is no sample.`);
    return sample;
  });
}
