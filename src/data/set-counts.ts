import type { DataSet, Sample } from './types.ts';

/** What some pictures hold. */
export interface PictureCounts {
  readonly images: number;
  readonly objects: number;
  /** Of the objects. */
  readonly difficult: number;
  /** In order of the set's classes; those that none of the pictures has are left out. */
  readonly classes: readonly ClassCounts[];
}

export interface ClassCounts {
  readonly name: string;
  /** Pictures with at least one. */
  readonly images: number;
  readonly objects: number;
  readonly difficult: number;
}

/** A set in figures. */
export interface SetCounts extends PictureCounts {
  /** Pictures without an annotation. */
  readonly unlabelled: number;
  readonly splits: readonly ({ readonly name: string } & PictureCounts)[];
}

/** Counts a set's pictures and objects, all together and by split. */
export function setCounts({ samples, splits, classes }: Omit<DataSet, 'imageBytes'>): SetCounts {
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  return {
    ...pictureCounts(samples, classes),
    unlabelled: samples.filter(({ labelled }) => !labelled).length,
    splits: Object.entries(splits).map(([name, ids]) => ({
      name,
      ...pictureCounts(
        ids.flatMap((id) => byId.get(id) ?? []),
        classes,
      ),
    })),
  };
}

function pictureCounts(samples: readonly Sample[], classes: readonly string[]): PictureCounts {
  const counts = new Map(classes.map((name) => [name, { name, images: 0, objects: 0, difficult: 0 }]));
  for (const { objects } of samples) {
    for (const name of new Set(objects.map(({ className }) => className))) {
      const count = counts.get(name);
      if (count !== undefined) count.images += 1;
    }
    for (const { className, difficult } of objects) {
      const count = counts.get(className);
      if (count === undefined) continue;
      count.objects += 1;
      if (difficult) count.difficult += 1;
    }
  }
  const of = [...counts.values()].filter(({ images }) => images > 0);
  return {
    images: samples.length,
    objects: of.reduce((sum, { objects }) => sum + objects, 0),
    difficult: of.reduce((sum, { difficult }) => sum + difficult, 0),
    classes: of,
  };
}
