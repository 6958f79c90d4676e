import { StudioError } from '../../base/errors.ts';
import type { AnnotatedObject, DataSetIndex, Sample } from '../types.ts';
import type { ClassChange, ProposedChange } from './types.ts';

type Labels = Pick<DataSetIndex, 'samples' | 'classes'>;

/**
 * What a change of the classes does to a set. Label ids stay where they can: a new class comes last, a renamed one keeps its
 * place. Throws `usage` for a class that the set lacks, and for a name that is taken, or is none.
 */
export function classesChanged(labels: Labels, change: ClassChange): ProposedChange {
  const { classes } = labels;
  switch (change.kind) {
    case 'add': {
      const name = freeClassName(change.name, classes);
      return { change: { classes: [...classes, name] }, what: `Class "${name}" added` };
    }
    case 'rename': {
      const to = freeClassName(change.to, classes);
      return mergeClasses(labels, [change.from], to) ?? unchanged(change.from);
    }
    case 'merge':
      refuseUnknown([change.into], classes);
      return mergeClasses(labels, change.from, change.into) ?? unchanged(change.into);
    case 'delete':
      return deleteClasses(labels, change.names);
  }
}

/**
 * All boxes of the classes `from` become those of `into`, which may be new to the set; null where they are that already. Throws
 * `usage` for a class that the set lacks.
 */
export function mergeClasses(
  { samples, classes }: Labels,
  from: readonly string[],
  into: string,
): ProposedChange | null {
  refuseUnknown(from, classes);
  const merged = new Set(from.filter((name) => name !== into));
  if (merged.size === 0) return null;
  const renamed = (object: AnnotatedObject): AnnotatedObject =>
    merged.has(object.className) ? { ...object, className: into } : object;
  const changed = withClasses(samples, merged).map((sample) => ({ ...sample, objects: sample.objects.map(renamed) }));
  const isKnown = classes.includes(into);
  // A class that is only renamed keeps its place, and so its label id.
  const next = isKnown
    ? classes.filter((name) => !merged.has(name))
    : classes.flatMap((name) => (name === [...merged][0] ? [into] : merged.has(name) ? [] : [name]));
  return {
    change: { samples: changed, classes: next },
    what: `${quoted(merged)} ${isKnown ? 'merged into' : 'renamed to'} "${into}"`,
  };
}

function deleteClasses({ samples, classes }: Labels, names: readonly string[]): ProposedChange {
  refuseUnknown(names, classes);
  const gone = new Set(names);
  let boxes = 0;
  const changed = withClasses(samples, gone).map((sample) => {
    const objects = sample.objects.filter(({ className }) => !gone.has(className));
    boxes += sample.objects.length - objects.length;
    return { ...sample, objects };
  });
  const withBoxes = boxes === 0 ? '' : `, with ${boxes} ${boxes === 1 ? 'box' : 'boxes'}`;
  return {
    change: { samples: changed, classes: classes.filter((name) => !gone.has(name)) },
    what: `${quoted(gone)} deleted${withBoxes}`,
  };
}

function withClasses(samples: readonly Sample[], names: ReadonlySet<string>): readonly Sample[] {
  return samples.filter(({ objects }) => objects.some(({ className }) => names.has(className)));
}

function freeClassName(typed: string, classes: readonly string[]): string {
  const name = typed.trim().normalize('NFC');
  if (name === '') throw new StudioError('usage', 'A class needs a name; type one.');
  if (classes.includes(name)) {
    throw new StudioError('usage', `There is a class "${name}" already. Choose another name, or merge the two.`, {
      name,
    });
  }
  return name;
}

function refuseUnknown(names: readonly string[], classes: readonly string[]): void {
  const missing = names.find((name) => !classes.includes(name));
  if (missing === undefined) return;
  const known = classes.length === 0 ? 'none yet' : classes.join(', ');
  throw new StudioError('usage', `There is no class "${missing}"; the set has ${known}.`, { missing });
}

function unchanged(name: string): never {
  throw new StudioError('usage', `"${name}" is its name already; nothing was changed.`, { name });
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(', ');
}
