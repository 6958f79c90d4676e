import { StudioError } from '../base/errors.ts';
import { hashDataSet } from './data-set-hash.ts';
import { readImageHeader } from './image-header.ts';
import { sha256Hex } from './sha256.ts';
import type { DataSet, FileEntry, ImageHeader, Problem, Sample } from './types.ts';
import type { NamedFile } from './voc-layout.ts';
import { completeSplits } from './voc-splits.ts';

/** How a data set of any form is read. */
export interface ReadOptions {
  /** For the 80 to 20 split where lists give none. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a reader found, before it is a data set. */
export interface FoundSamples {
  readonly samples: Sample[];
  /** By sample id. */
  readonly images: Map<string, NamedFile>;
  /** What lists say, labelled samples only. */
  readonly splits: Map<string, string[]>;
  readonly problems: Problem[];
}

/**
 * The data set of what a reader found: classes, the splits that lists do not give, the hash. `treeName` is what was given,
 * for messages. Throws `bad-data-set` where nothing usable is left, or no box.
 */
export async function buildDataSet(
  name: string,
  treeName: string,
  { samples, images, splits: listed, problems }: FoundSamples,
  seed = 0,
): Promise<DataSet> {
  refuseUseless(treeName, samples, problems);
  const labelled = samples.filter((sample) => sample.labelled).map(({ id }) => id);
  const splits = completeSplits(listed, labelled, seed, treeName, problems);
  const imageBytes = async (id: string): Promise<Uint8Array> => {
    const file = images.get(id);
    if (file === undefined) throw new StudioError('not-found', `The data set has no picture "${id}".`, { id });
    return file.entry.read();
  };
  return {
    name,
    classes: classNames(samples),
    samples,
    splits: Object.fromEntries(splits),
    problems,
    hash: await hashDataSet(samples, async (id) => {
      const { facts } = images.get(id)?.entry ?? {};
      if (facts !== undefined && 'sha256' in facts) return facts.sha256;
      return sha256Hex(new Uint8Array(await imageBytes(id)));
    }),
    imageBytes,
  };
}

/** A picture's header, from its facts where they are known. Throws `bad-image`. */
export async function headerOf({ facts, read }: FileEntry): Promise<ImageHeader> {
  if (facts === undefined) return readImageHeader(await read());
  if ('header' in facts) return facts.header;
  throw new StudioError('bad-image', facts.refused);
}

function refuseUseless(name: string, samples: readonly Sample[], problems: readonly Problem[]): void {
  const first = problems.find(({ severity }) => severity === 'refused');
  const example = first === undefined ? '' : ` The first that was refused, ${first.file}: ${first.reason}`;
  if (!samples.some(({ labelled }) => labelled)) {
    const message = `${name} has no usable picture with an annotation, and at least one is needed.${example}`;
    throw new StudioError('bad-data-set', message, { name, refused: problems.length });
  }
  if (!samples.some(({ objects }) => objects.length > 0)) {
    const message = `${name} has no box in any annotation, so there is nothing to learn; label some objects.${example}`;
    throw new StudioError('bad-data-set', message, { name, refused: problems.length });
  }
}

function classNames(samples: readonly Sample[]): string[] {
  const names = new Set(samples.flatMap(({ objects }) => objects.map(({ className }) => className)));
  return [...names].sort(byCodePoint);
}

/** By code point, as Python sorts; JavaScript's own order differs past the first 65,536. */
export function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i += 1) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
