import { StudioError, toStudioError } from '../base/errors.ts';
import { buildDataSet, byCodePoint, type FoundSamples, headerOf, type ReadOptions } from './build-data-set.ts';
import type { DataSet, FileTree, Problem, Sample } from './types.ts';
import { placeObjects } from './voc-boxes.ts';
import { findVocLayouts, type NamedFile, readLists, type VocLayout } from './voc-layout.ts';
import { withoutRepeatedIds } from './voc-splits.ts';
import { readVocAnnotation } from './voc-xml.ts';

export interface ReadVocOptions extends ReadOptions {
  /** Which of several data sets in one tree, by its folder; all of them together without it. */
  readonly root?: string;
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
  const found: FoundSamples = { samples: [], images: new Map(), splits: new Map(), problems: [...tree.problems] };
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
  const name = (layouts.length === 1 && layouts[0]?.root.split('/').at(-1)) || tree.name;
  return buildDataSet(name, tree.name, found, seed);
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

async function readLayout(plan: Plan, prefix: string, found: FoundSamples, step: () => void): Promise<void> {
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

function reportUnknown(ids: readonly string[], file: string, problems: Problem[]): void {
  if (ids.length === 0) return;
  const names = ids.slice(0, 5).map((id) => `"${id}"`);
  const more = ids.length > names.length ? ` and ${ids.length - names.length} more` : '';
  const reason = `The list names ${names.join(', ')}${more}, which the data set does not have; left out.`;
  problems.push({ file, severity: 'warning', reason });
}
