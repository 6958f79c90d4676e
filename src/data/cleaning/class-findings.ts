import { canonicalClassName } from '../../base/class-names.ts';
import type { DataSetIndex } from '../types.ts';
import type { ClassFinding } from './types.ts';

/** A class with fewer boxes is hardly learnt, and its average precision is chance. */
const RARE_BOXES = 10;
/** Names of so many letters may differ in one that is a slip of the keyboard. */
const LEAST_LETTERS = 5;

/** What class names and their counts say: names that may be one class, classes that are rare, unused, or missing in a split. */
export function classFindings({
  classes,
  samples,
  splits,
}: Pick<DataSetIndex, 'classes' | 'samples' | 'splits'>): ClassFinding[] {
  const boxes = new Map(classes.map((name) => [name, 0]));
  for (const { objects } of samples) {
    for (const { className } of objects) boxes.set(className, (boxes.get(className) ?? 0) + 1);
  }
  const countOf = (name: string): number => boxes.get(name) ?? 0;
  const found: ClassFinding[] = [];
  for (const group of alikeGroups(classes)) {
    const ordered = [...group].sort((a, b) => countOf(b) - countOf(a));
    const counts = ordered.map((name) => `"${name}" (${boxesText(countOf(name))})`).join(' and ');
    found.push({
      kind: 'alike',
      classes: ordered,
      reason: `${counts} may be one class: merge them, or leave them if they are two.`,
    });
  }
  const inTrain = classesOf(samples, splits.train);
  const inVal = classesOf(samples, splits.val);
  for (const name of classes) {
    const count = countOf(name);
    const say = (kind: ClassFinding['kind'], reason: string) => found.push({ kind, classes: [name], reason });
    if (count === 0) say('unused', `No box is of "${name}": label some, or delete the class.`);
    else if (!inTrain.has(name))
      say('not-in-train', `"${name}" has ${boxesText(count)}, none of them in train: it is never learnt.`);
    else if (!inVal.has(name)) say('not-in-val', `"${name}" has no box in val: how well it is learnt is not measured.`);
    else if (count < RARE_BOXES)
      say('rare', `"${name}" has ${boxesText(count)} in all; with fewer than ${RARE_BOXES} it is hardly learnt.`);
  }
  return found;
}

function boxesText(count: number): string {
  return count === 1 ? '1 box' : `${count} boxes`;
}

function classesOf(samples: DataSetIndex['samples'], ids: readonly string[] = []): ReadonlySet<string> {
  const wanted = new Set(ids);
  return new Set(
    samples.flatMap(({ id, objects }) => (wanted.has(id) ? objects.map(({ className }) => className) : [])),
  );
}

/** Names that differ by case, blanks, a plural's s or one letter, or are VOC's and COCO's for the same. */
function alikeGroups(classes: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const name of classes) {
    const group = groups.find((others) => others.some((other) => areAlike(other, name)));
    if (group === undefined) groups.push([name]);
    else group.push(name);
  }
  return groups.filter(({ length }) => length > 1);
}

function areAlike(a: string, b: string): boolean {
  const [x, y] = [plain(a), plain(b)];
  if (x === y || `${x}s` === y || x === `${y}s`) return true;
  // Numbers at the end tell classes apart: "speed 30", "speed 50".
  if (/\d/.test(x) || /\d/.test(y) || Math.min(x.length, y.length) < LEAST_LETTERS) return false;
  return differsInOne(x, y);
}

function plain(name: string): string {
  return canonicalClassName(name.replaceAll(/[_\-.]/g, ' '));
}

/** Whether one letter more, less or other makes one of the other, or two neighbours that change places. */
function differsInOne(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  if (a.slice(at + 1) === b.slice(at + 1) || a.slice(at + 1) === b.slice(at) || a.slice(at) === b.slice(at + 1))
    return true;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
