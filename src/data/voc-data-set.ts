import { StudioError, toStudioError } from '../base/errors.ts';
import { hashDataSet } from './data-set-hash.ts';
import { readImageHeader } from './image-header.ts';
import { sha256Hex } from './sha256.ts';
import type { DataSet, FileEntry, FileTree, ImageHeader, Problem, Sample } from './types.ts';
import { placeObjects } from './voc-boxes.ts';
import { findVocLayouts, type NamedFile, readLists, type VocLayout } from './voc-layout.ts';
import { completeSplits, withoutRepeatedIds } from './voc-splits.ts';
import { readVocAnnotation } from './voc-xml.ts';

export interface ReadVocOptions {
  /** Which of several data sets in one tree, by its folder; all of them together without it. */
  readonly root?: string;
  /** For the 80 to 20 split where lists give none. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Found {
  readonly samples: Sample[];
  readonly images: Map<string, NamedFile>;
  readonly splits: Map<string, string[]>;
  readonly problems: Problem[];
}

/**
 * Reads a PASCAL VOC data set: the pictures that the lists of ImageSets/Main name, or all where there is no list. Each file
 * that cannot be used is left out and stands in `problems` with its reason, and so does each repair. Several data sets in
 * one tree are read as one, with ids `FOLDER/STEM`, or the folder's whole path where two have one name. Throws `bad-data-set` where nothing usable is left, or no box.
 */
export async function readVocDataSet(tree: FileTree, options: ReadVocOptions = {}): Promise<DataSet> {
  const { root, seed = 0, signal, onProgress } = options;
  const layouts = findVocLayouts(tree).filter((layout) => root === undefined || layout.root === root);
  if (layouts.length === 0) {
    throw new StudioError('not-found', `${tree.name} has no data set in the folder "${root}".`, { root: root ?? '' });
  }
  const found: Found = { samples: [], images: new Map(), splits: new Map(), problems: [...tree.problems] };
  const plans = await Promise.all(layouts.map(planReading));
  const total = plans.reduce((sum, { ids }) => sum + ids.length, 0);
  const prefixes = idPrefixes(layouts.map((layout) => layout.root));
  let done = 0;
  for (const [i, plan] of plans.entries()) {
    await readLayout(plan, prefixes[i] ?? '', found, () => {
      signal?.throwIfAborted();
      done += 1;
      onProgress?.(done, total);
    });
  }
  const { samples, images, problems } = found;
  refuseUseless(tree.name, samples, problems);

  const labelled = samples.filter((sample) => sample.labelled).map(({ id }) => id);
  const splits = completeSplits(found.splits, labelled, seed, tree.name, problems);
  const imageBytes = async (id: string): Promise<Uint8Array> => {
    const file = images.get(id);
    if (file === undefined) throw new StudioError('not-found', `The data set has no picture "${id}".`, { id });
    return file.entry.read();
  };
  return {
    name: (layouts.length === 1 && layouts[0]?.root.split('/').at(-1)) || tree.name,
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

/** What goes before the ids of each folder: nothing for one, its name for several, its path where names are the same. */
function idPrefixes(roots: readonly string[]): string[] {
  if (roots.length < 2) return roots.map(() => '');
  const names = roots.map((root) => root.slice(root.lastIndexOf('/') + 1));
  return (new Set(names).size === names.length ? names : roots).map((prefix) => `${prefix}/`);
}

interface Plan {
  readonly layout: VocLayout;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Everything that has a picture or an annotation. */
  readonly known: ReadonlySet<string>;
  /** What is read: what the lists name of it, or all where they name nothing. */
  readonly ids: readonly string[];
}

async function planReading(layout: VocLayout): Promise<Plan> {
  const lists = await readLists(layout);
  const known = new Set([...layout.annotations.keys(), ...layout.images.keys()]);
  const wanted = new Set([...lists.values()].flat().filter((id) => known.has(id)));
  return { layout, lists, known, ids: [...(wanted.size > 0 ? wanted : known)].sort(byCodePoint) };
}

async function readLayout(plan: Plan, prefix: string, found: Found, step: () => void): Promise<void> {
  const { layout, lists, known, ids } = plan;
  const { annotations, images } = layout;
  const usable = new Set<string>();
  for (const id of ids) {
    step();
    const sample = await readSample(prefix + id, annotations.get(id), images.get(id), found.problems);
    if (sample === null) continue;
    found.samples.push(sample);
    const image = images.get(id);
    if (image !== undefined) found.images.set(sample.id, image);
    if (sample.labelled) usable.add(id);
  }

  for (const [name, listed] of lists) {
    const path = layout.lists.get(name)?.path ?? name;
    const distinct = withoutRepeatedIds(listed, path, found.problems);
    reportUnknown(
      distinct.filter((id) => !known.has(id)),
      path,
      found.problems,
    );
    const kept = distinct.filter((id) => usable.has(id)).map((id) => prefix + id);
    found.splits.set(name, [...(found.splits.get(name) ?? []), ...kept]);
  }
}

/** One picture with its objects, or null where it has to be left out; `problems` says why. */
async function readSample(
  id: string,
  annotation: NamedFile | undefined,
  image: NamedFile | undefined,
  problems: Problem[],
): Promise<Sample | null> {
  let reading = image ?? annotation;
  try {
    if (image === undefined) throw new StudioError('bad-data-set', 'The annotation has no picture; it was left out.');
    const header = await headerOf(image.entry);
    const sample = { id, imagePath: image.path, size: header.size };
    if (annotation === undefined) {
      const reason = 'The picture has no annotation; it was taken as unlabelled, and is not trained on.';
      problems.push({ file: image.path, severity: 'warning', reason });
      return { ...sample, objects: [], labelled: false };
    }
    reading = annotation;
    const parsed = readVocAnnotation(await annotation.entry.read());
    const placed = placeObjects(parsed, header);
    for (const reason of [...parsed.remarks, ...placed.remarks]) {
      problems.push({ file: annotation.path, severity: 'warning', reason });
    }
    return { ...sample, objects: placed.objects, labelled: true };
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (error.code === 'cancelled' || error.code === 'internal') throw error;
    problems.push({ file: reading?.path ?? id, severity: 'refused', reason: error.message });
    return null;
  }
}

async function headerOf({ facts, read }: FileEntry): Promise<ImageHeader> {
  if (facts === undefined) return readImageHeader(await read());
  if ('header' in facts) return facts.header;
  throw new StudioError('bad-image', facts.refused);
}

function reportUnknown(ids: readonly string[], file: string, problems: Problem[]): void {
  if (ids.length === 0) return;
  const names = ids.slice(0, 5).map((id) => `"${id}"`);
  const more = ids.length > names.length ? ` and ${ids.length - names.length} more` : '';
  const reason = `The list names ${names.join(', ')}${more}, which the data set does not have; left out.`;
  problems.push({ file, severity: 'warning', reason });
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
