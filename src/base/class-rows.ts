import { appendTo } from './append-to.ts';
import { canonicalClassName, slotsOfClass, unusedSlots } from './class-names.ts';
import { StudioError } from './errors.ts';

/**
 * What a person put in place of the proposal: by a class of the data set, the class of the weights whose row it starts from,
 * or null for a new row. Classes that are not in it start as proposed.
 */
export type ClassMap = ReadonlyMap<string, string | null>;

/** One class of a data set, and the class of the weights whose row it starts from; null for a new row. */
export interface ClassRow {
  readonly name: string;
  readonly from: string | null;
}

/** From which rows of the weights' class head the classes of a data set start. */
export interface ClassRows {
  /** In the order of the classes. */
  readonly rows: readonly ClassRow[];
  /** The weights' slot of each; null for a new row. */
  readonly slots: readonly (number | null)[];
  /** The classes for which a person said where they start from. */
  readonly chosen: ReadonlySet<string>;
  /** How many start from a row that is there. */
  readonly carried: number;
  /** What a person should know of it, in sentences. */
  readonly notices: readonly string[];
}

const MOST_NAMED = 40;

/**
 * Gives each class of a data set the row of the same class of the weights: of equal name, else of one that means the same in
 * Pascal VOC and COCO, whatever case and spaces; `map` goes before that.
 *
 * Throws `usage` where `map` names a class that the data set or the weights do not have, or one class twice.
 */
export function classRows(classes: readonly string[], labels: readonly string[], map: ClassMap = new Map()): ClassRows {
  const notices: string[] = [];
  const chosen = chosenRows(classes, map);
  const slots = classes.map((name): number | null => {
    const wanted = chosen.get(name);
    if (wanted === null) return null;
    const found = slotsOfClass(wanted ?? name, labels);
    if (wanted !== undefined && found.length === 0) throw unknownRow(name, wanted, labels);
    const [first] = found;
    if (found.length > 1) notices.push(severalSlots(name, found, labels));
    return first ?? null;
  });
  notices.push(...sharedRows(classes, slots, labels));
  return {
    rows: classes.map((name, at) => ({ name, from: labelOf(slots[at], labels) })),
    slots,
    chosen: new Set(chosen.keys()),
    carried: slots.filter((slot) => slot !== null).length,
    notices,
  };
}

/** How much of the head is carried, with the classes whose row has another name, and those that are new. */
export function carriedSentence({ rows, carried }: Pick<ClassRows, 'rows' | 'carried'>): string {
  const of = rows.length === 1 ? 'Of 1 class' : `Of ${rows.length} classes`;
  const renamed = rows
    .filter(({ name, from }) => from !== null && from !== name)
    .map(({ name, from }) => `"${name}" from "${from}"`);
  const fresh = rows.filter(({ from }) => from === null).map(({ name }) => name);
  const among = renamed.length === 0 ? '' : `, ${shortened(renamed)} among them`;
  const left = fresh.length === 0 ? '' : `; new ${fresh.length === 1 ? 'is' : 'are'} ${quoted(fresh)}`;
  return `${of}, ${carried} ${carried === 1 ? 'starts' : 'start'} from a row of the weights${among}${left}.`;
}

/** The table by the data set's own names. */
function chosenRows(classes: readonly string[], map: ClassMap): ReadonlyMap<string, string | null> {
  const chosen = new Map<string, string | null>();
  const namedAs = new Map<string, string>();
  for (const [key, from] of map) {
    const equal = classes.filter((name) => name === key);
    const alike =
      equal.length > 0 ? equal : classes.filter((name) => canonicalClassName(name) === canonicalClassName(key));
    const [name] = alike;
    if (name === undefined || alike.length > 1) {
      const which = name === undefined ? 'which is no class of the data set' : `which may be ${quoted(alike)}`;
      throw refusal(
        `The class table names "${key}", ${which}; the data set has ${quoted(classes)}. Spell it as there.`,
      );
    }
    const before = namedAs.get(name);
    if (before !== undefined) {
      throw refusal(`The class table names the class "${name}" twice, as "${before}" and as "${key}". Leave one out.`);
    }
    namedAs.set(name, key);
    chosen.set(name, from);
  }
  return chosen;
}

function unknownRow(name: string, wanted: string, labels: readonly string[]): StudioError {
  return refusal(
    `The class table gives "${name}" the row of "${wanted}", which the weights do not have; they have ${quoted(usedLabels(labels))}. Name one of these, or null for a new row.`,
  );
}

/** The classes of the weights, slots that stand for none left out. */
export function usedLabels(labels: readonly string[]): readonly string[] {
  const unused = unusedSlots(labels);
  return labels.filter((_, slot) => !unused.has(slot));
}

function severalSlots(name: string, found: readonly number[], labels: readonly string[]): string {
  const names = [...new Set(found.map((slot) => labels[slot] ?? ''))];
  const which =
    names.length > 1
      ? `The weights have ${quoted(names)}, and each may be "${name}"`
      : `The weights have ${found.length} rows of the name ${quoted(names)} (ids ${found.join(', ')})`;
  return `${which}: it starts from the first. Choose another in the class table, or a new row.`;
}

/** Classes that begin as one. */
function sharedRows(
  classes: readonly string[],
  slots: readonly (number | null)[],
  labels: readonly string[],
): readonly string[] {
  const users = new Map<number, string[]>();
  for (const [at, slot] of slots.entries()) {
    if (slot !== null) appendTo(users, slot, classes[at] ?? '');
  }
  return [...users].flatMap(([slot, names]) =>
    names.length < 2
      ? []
      : `${quoted(names)} start from one row, "${labels[slot]}", and are told apart only by what they learn. Choose other rows in the class table, or new ones, for all but one.`,
  );
}

function labelOf(slot: number | null | undefined, labels: readonly string[]): string | null {
  return slot === null || slot === undefined ? null : (labels[slot] ?? null);
}

function quoted(names: readonly string[]): string {
  return shortened([...new Set(names)].map((name) => `"${name}"`));
}

function shortened(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED);
  if (names.length > MOST_NAMED) return `${shown.join(', ')} and ${names.length - MOST_NAMED} more`;
  const last = shown.pop() ?? 'none';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

function refusal(message: string): StudioError {
  return new StudioError('usage', message);
}
