import { appendTo } from '../../src/base/append-to.ts';
import type { DuplicateGroup } from '../../src/data/cleaning/types.ts';
import type { DataSet, Sample } from '../../src/data/types.ts';
import { whole } from '../../src/ui/numbers.ts';
import type { CommandContext } from '../cli/run-command.ts';
import type { Figure } from './figure.ts';
import { pictureSheet } from './picture-sheet.ts';
import { readPictures } from './read-pictures.ts';

const SHOWN_GROUPS = 16;

/**
 * Two pictures of each group side by side with their boxes, in the order of `groups`: of one that leaks one that is trained on and
 * one that is not. Null where none can be shown.
 */
export async function duplicatePairs(
  dataSet: DataSet,
  groups: readonly DuplicateGroup[],
  context: CommandContext,
): Promise<Figure | null> {
  const byId = new Map(dataSet.samples.map((sample) => [sample.id, sample]));
  const splitsOf = splitsById(dataSet);
  const chosen = groups.slice(0, SHOWN_GROUPS).map((group) => ({
    samples: pairOf(group, splitsOf).flatMap((id) => byId.get(id) ?? []),
  }));
  const samples = chosen.flatMap((pair) => pair.samples);
  const images = await readPictures(dataSet, samples, context);
  const pairs = chosen.flatMap(({ samples: [left, right] }) => {
    const pictures = [left, right].flatMap((sample) => {
      const image = sample && images.get(sample.id);
      if (sample === undefined || image === undefined) return [];
      const caption = `${whereText(splitsOf.get(sample.id))}: ${sample.id}`;
      return [{ image, caption, boxes: boxesOf(sample, dataSet) }];
    });
    return pictures.length === 2 ? [pictures] : [];
  });
  if (pairs.length === 0) return null;
  return pictureSheet({
    name: 'duplicates',
    title: `Pictures that are in ${dataSet.name} more than once`,
    sentence: `${pairs.length === 1 ? '1 pair' : `${pairs.length} pairs`} of pictures that are the same, or nearly, each with its boxes.`,
    note: `in pairs; ${pairs.length} of ${groups.length === 1 ? '1 group' : `${whole(groups.length)} groups`}, those that are both trained on and measured on first`,
    pictures: pairs.flat(),
    classes: dataSet.classes,
  });
}

/** How alike the pictures of a group are, in a few words. */
export function likeness({ kind, distance }: DuplicateGroup): string {
  return kind === 'exact' ? 'same bytes' : `${distance} of 256 bits differ`;
}

/** The splits that a sample is in, in words; `trainval` says nothing beside the one of them. */
export function whereText(splits: readonly string[] = []): string {
  const telling = splits.filter((name) => name !== 'trainval');
  return (telling.length > 0 ? telling : splits).join(', ') || 'no split';
}

/** The splits that each sample is in; nothing for one that is in none. */
export function splitsById({ splits }: Pick<DataSet, 'splits'>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, ids] of Object.entries(splits)) for (const id of ids) appendTo(found, id, name);
  return found;
}

function pairOf({ sampleIds, leaks }: DuplicateGroup, splitsOf: ReadonlyMap<string, readonly string[]>) {
  const inTrain = (id: string): boolean => splitsOf.get(id)?.includes('train') ?? false;
  const trained = sampleIds.find(inTrain);
  const other = sampleIds.find((id) => !inTrain(id));
  return leaks && trained !== undefined && other !== undefined ? [trained, other] : sampleIds.slice(0, 2);
}

function boxesOf({ objects }: Sample, { classes }: DataSet) {
  return objects.map(({ className, boxXyxyPx }) => ({
    text: className,
    labelId: classes.indexOf(className),
    boxXyxyPx,
  }));
}
