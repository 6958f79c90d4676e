import { slotsOfClass } from '../base/class-names.ts';
import { type ClassMap, type ClassRows, classRows } from '../base/class-rows.ts';

/** From which rows of the weights the classes of the next run start. */
export interface PlannedRows extends ClassRows {
  /** What a person chose, as far as this set and these weights have such classes. */
  readonly map: ClassMap;
}

/** The rows of the next run; choices for classes that are not there were made for another set or other weights, and do not count. */
export function plannedRows(classes: readonly string[], labels: readonly string[], chosen: ClassMap): PlannedRows {
  const there = new Set(classes);
  const fitting = [...chosen].filter(
    ([name, from]) => there.has(name) && (from === null || slotsOfClass(from, labels).length > 0),
  );
  const map: ClassMap = new Map(fitting);
  return { ...classRows(classes, labels, map), map };
}

/** How much of the class head is carried, in a line: "3 of 6 classes known". */
export function knownClassesText({ rows, carried }: Pick<ClassRows, 'rows' | 'carried'>): string {
  return `${carried} of ${rows.length === 1 ? '1 class' : `${rows.length} classes`} known`;
}
