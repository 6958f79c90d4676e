import { canonicalClassName } from '../base/class-names.ts';
import type { ClassChange, DataSetIndex } from '../rpc/protocol.ts';

/** A class of a set, with what is of it. */
export interface ClassRow {
  readonly name: string;
  readonly labelId: number;
  readonly boxes: number;
  /** With at least one box of it. */
  readonly pictures: number;
}

type Labels = Pick<DataSetIndex, 'classes' | 'samples'>;

/** The classes of a set in order of their label ids. */
export function classRows({ classes, samples }: Labels): ClassRow[] {
  const counts = new Map(classes.map((name) => [name, { boxes: 0, pictures: 0 }]));
  for (const { objects } of samples) {
    const here = new Set<string>();
    for (const { className } of objects) {
      const count = counts.get(className);
      if (count === undefined) continue;
      count.boxes += 1;
      if (!here.has(className)) count.pictures += 1;
      here.add(className);
    }
  }
  return classes.map((name, labelId) => ({ name, labelId, ...(counts.get(name) ?? { boxes: 0, pictures: 0 }) }));
}

/** Classes that differ by case and spaces alone, or are VOC's and COCO's names for the same: likely one class. */
export function alikeClasses(classes: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of classes) {
    const key = canonicalClassName(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** A change of a set's classes that a person is asked about, before it is made. */
export interface ClassQuestion {
  readonly change: ClassChange;
  readonly title: string;
  /** What it does to how many boxes in how many pictures, in sentences. */
  readonly says: string;
  readonly button: string;
}

/** What renaming does; to a name that there is, it merges. Null where nothing would be changed. */
export function renameQuestion(labels: Labels, from: string, typed: string): ClassQuestion | null {
  const to = typed.trim().normalize('NFC');
  if (to === '' || to === from) return null;
  if (labels.classes.includes(to)) {
    const question = mergeQuestion(labels, [from, to], to);
    return question === null ? null : { ...question, says: `There is a class "${to}" already. ${question.says}` };
  }
  return {
    change: { kind: 'rename', from, to },
    title: `Rename "${from}"?`,
    says: `${moved(labels, [from], `will be called "${to}"`)} The class keeps its place and its colour.`,
    button: 'Rename',
  };
}

/** What merging classes into one of them does; null where nothing would be merged. */
export function mergeQuestion(labels: Labels, names: readonly string[], into: string): ClassQuestion | null {
  const from = names.filter((name) => name !== into);
  if (from.length === 0) return null;
  const gone = from.length === 1 ? `The class "${from[0]}" is` : `The ${from.length} classes ${quoted(from)} are`;
  return {
    change: { kind: 'merge', from, into },
    title: `Merge into "${into}"?`,
    says: `${moved(labels, from, `will be "${into}"`)} ${gone} no more.`,
    button: 'Merge',
  };
}

/** What deleting classes does. */
export function deleteQuestion(labels: Labels, names: readonly string[]): ClassQuestion {
  const gone = new Set(names);
  const emptied = labels.samples.filter(
    ({ objects }) => objects.length > 0 && objects.every(({ className }) => gone.has(className)),
  ).length;
  const left =
    emptied === 0
      ? ''
      : ` ${counted(emptied, 'picture is', 'pictures are')} left without a box: nothing is in ${emptied === 1 ? 'it' : 'them'} then.`;
  return {
    change: { kind: 'delete', names },
    title: `Delete ${quoted(names)}?`,
    says: `${moved(labels, names, 'will be deleted')}${left}`,
    button: 'Delete',
  };
}

/** What becomes of the boxes of these classes: `12 boxes in 7 pictures will be deleted.` */
function moved({ samples }: Labels, names: readonly string[], becomes: string): string {
  const wanted = new Set(names);
  let [boxes, pictures] = [0, 0];
  for (const { objects } of samples) {
    const here = objects.filter(({ className }) => wanted.has(className)).length;
    boxes += here;
    if (here > 0) pictures += 1;
  }
  return boxes === 0
    ? 'No box is touched.'
    : `${counted(boxes, 'box', 'boxes')} in ${counted(pictures, 'picture', 'pictures')} ${becomes}.`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}
