import { hashDataSet } from '../data/data-set-hash.ts';
import { safeTreePath } from '../data/tree-path.ts';
import type { Sample } from '../data/types.ts';
import type { SetDocument } from './format.ts';

/** What in a set's document contradicts itself, as the end of a sentence; null where it holds together. */
export async function setFault({ summary, index, versions, edits, pictures }: SetDocument): Promise<string | null> {
  if (summary.id !== index.id || summary.hash !== index.hash) return 'has a summary of another set';
  const sha256 = new Map(pictures);
  if (sha256.size < pictures.length) return 'names the file of a picture twice';
  const bad = pictures.find(([path]) => safeTreePath(path) !== path || path.split('/').includes('__proto__'));
  if (bad !== undefined) return `has a picture whose path "${bad[0]}" leads elsewhere`;
  const ids = new Set(index.samples.map(({ id }) => id));
  if (ids.size < index.samples.length) return 'names a picture twice';
  if (new Set(index.classes).size < index.classes.length) return 'names a class twice';
  for (const [split, listed] of Object.entries(index.splits)) {
    const stray = listed.find((id) => !ids.has(id));
    if (stray !== undefined) return `has "${stray}" in the split "${split}", and no such picture`;
  }
  const editedAlready = new Set(edits.samples.map(({ id }) => id));
  if (editedAlready.size < edits.samples.length) return 'has two open edits of one picture';
  const numbers = versions.map(({ version }) => version.number);
  if (numbers.some((number, at) => number <= (numbers[at - 1] ?? 0))) return 'has versions out of order';
  const newest = versions.at(-1)?.version;
  if (newest !== undefined && newest.hash !== index.hash) return 'has a newest version that is not its index';
  const classes = new Set([...index.classes, ...(edits.classes ?? [])]);
  const now = [...index.samples, ...edits.samples];
  for (const sample of [...now, ...versions.flatMap(({ undo }) => undo.samples ?? [])]) {
    const fault = sampleFault(sample, sha256);
    if (fault !== null) return fault;
  }
  for (const { id, objects } of now) {
    const stray = objects.find(({ className }) => !classes.has(className));
    if (stray !== undefined) return `has a box of the class "${stray.className}" in "${id}", and no such class`;
  }
  const pathOf = new Map(index.samples.map((sample) => [sample.id, sample.imagePath]));
  const hash = await hashDataSet(index.samples, async (id) => sha256.get(pathOf.get(id) ?? '') ?? '');
  return hash === index.hash ? null : 'does not have the hash that it states';
}

function sampleFault({ id, imagePath, size, objects }: Sample, sha256: ReadonlyMap<string, string>): string | null {
  if (!sha256.has(imagePath)) return `lacks the file of the picture "${id}"`;
  for (const { boxXyxyPx } of objects) {
    const [x1, y1, x2, y2] = boxXyxyPx;
    if (!(x1 >= 0 && y1 >= 0 && x1 <= x2 && y1 <= y2 && x2 <= size.w && y2 <= size.h)) {
      return `has a box outside the picture "${id}"`;
    }
  }
  return null;
}
