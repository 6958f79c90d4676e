import { StudioError, toStudioError } from '../base/errors.ts';
import type { PictureCache } from './picture-cache.ts';
import { pictureWorkHere, refuseOtherSize } from './picture-work.ts';
import type { DataSet, DecodeImage, PictureWork, PreprocessorConfig, Problem, RgbImage, Sample } from './types.ts';

/** Gives a sample's picture, decoded and as `keptPicture` has it, or null where it cannot be used, which is reported once. */
export type PictureSource = (sample: Sample) => Promise<RgbImage | null>;

/** What pictures are read with. */
export interface PictureReading {
  readonly dataSet: DataSet;
  readonly decode: DecodeImage;
  /** Where the work on pixels is done; on this thread where left out. */
  readonly work?: PictureWork;
  readonly preprocessor: PreprocessorConfig;
  /** Shared by loaders of one data set and one size, so that a picture is decoded once. */
  readonly cache: PictureCache;
  /** Hears of each picture that cannot be decoded, once. */
  readonly onProblem: (problem: Problem) => void;
}

/** A source of pictures over a data set, that keeps them in its cache. Leaves out and throws as `createDecodedSource`. */
export function createPictureSource(reading: PictureReading): PictureSource {
  const { dataSet, preprocessor, cache, work = pictureWorkHere(reading.decode) } = reading;
  const usable = leavingOut(reading.onProblem);
  return async (sample) => {
    const key = `${preprocessor.shortestEdge}/${preprocessor.longestEdge}/${sample.id}`;
    const held = cache.get(key);
    if (held !== undefined) return held;
    const kept = await usable(sample, async () =>
      work.keep(await dataSet.imageBytes(sample.id), sample.size, preprocessor),
    );
    if (kept !== null) cache.set(key, kept);
    return kept;
  };
}

/** Gives what `use` makes of a sample's decoded picture, or null where it cannot be used, which is reported once. */
export type DecodedSource = <Used>(sample: Sample, use: (image: RgbImage) => Used) => Promise<Used | null>;

/**
 * A source of pictures at their own size. A damaged picture is left out and reported; a missing file, too, for a data set may
 * be changed under a run. Everything else is thrown.
 */
export function createDecodedSource({
  dataSet,
  decode,
  onProblem,
}: Pick<PictureReading, 'dataSet' | 'decode' | 'onProblem'>): DecodedSource {
  const usable = leavingOut(onProblem);
  return (sample, use) =>
    usable(sample, async () => {
      const image = await decode(await dataSet.imageBytes(sample.id));
      refuseOtherSize(image.size, sample.size);
      return use(image);
    });
}

/** Reads a sample's picture; null where it is damaged or gone, which is reported once. */
function leavingOut(onProblem: PictureReading['onProblem']) {
  const reported = new Set<string>();
  return async <Used>(sample: Sample, read: () => Promise<Used>): Promise<Used | null> => {
    try {
      return await read();
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
