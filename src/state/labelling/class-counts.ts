import type { Sample } from '../../rpc/protocol.ts';

/** Boxes by class name, and pictures that nobody has labelled yet. */
export interface SetTally {
  readonly boxesByClass: ReadonlyMap<string, number>;
  readonly notYet: number;
}

/** Counts a whole set, once. */
export function tallyOf(samples: readonly Sample[]): SetTally {
  const boxesByClass = new Map<string, number>();
  let notYet = 0;
  for (const sample of samples) {
    count(boxesByClass, sample, 1);
    if (!sample.labelled) notYet += 1;
  }
  return { boxesByClass, notYet };
}

/** The tally after one picture was edited. */
export function retallied({ boxesByClass, notYet }: SetTally, before: Sample, after: Sample): SetTally {
  const next = new Map(boxesByClass);
  count(next, before, -1);
  count(next, after, 1);
  return { boxesByClass: next, notYet: notYet + Number(!after.labelled) - Number(!before.labelled) };
}

function count(counts: Map<string, number>, { objects }: Sample, by: number): void {
  for (const { className } of objects) counts.set(className, (counts.get(className) ?? 0) + by);
}
