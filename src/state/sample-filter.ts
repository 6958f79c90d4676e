import { appendTo } from '../base/append-to.ts';
import type { DataSetIndex, Problem } from '../rpc/protocol.ts';

/** COCO's sizes of boxes: up to 32 x 32 pixels, up to 96 x 96, and beyond. */
export const BOX_SIZES = ['small', 'medium', 'large'] as const;
export type BoxSize = (typeof BOX_SIZES)[number];

export interface SampleFilter {
  /** Any of these; none for all. */
  readonly classes: readonly string[];
  /** Null for all pictures. */
  readonly split: string | null;
  /** Any of these; none for all. */
  readonly sizes: readonly BoxSize[];
  readonly withProblems: boolean;
  /** Part of the id. */
  readonly text: string;
}

export const NO_FILTER: SampleFilter = { classes: [], split: null, sizes: [], withProblems: false, text: '' };

/** Whether every picture passes. */
export function isOpen(filter: SampleFilter): boolean {
  const { classes, split, sizes, withProblems, text } = filter;
  return classes.length === 0 && split === null && sizes.length === 0 && !withProblems && text.trim() === '';
}

/** Of a box in pixels, by its area, as COCO divides them. */
export function boxSize([x0, y0, x1, y1]: readonly [number, number, number, number]): BoxSize {
  const area = (x1 - x0) * (y1 - y0);
  if (area <= 32 * 32) return 'small';
  return area <= 96 * 96 ? 'medium' : 'large';
}

/**
 * The problems of each picture, of its image and its annotation, by sample id. Both go by the file's stem; of a set that
 * was read from several folders an id begins with its folder.
 */
export function problemsBySample({ samples, problems }: DataSetIndex): ReadonlyMap<string, readonly Problem[]> {
  const byStem = new Map<string, string[]>();
  for (const { id } of problems.length === 0 ? [] : samples) {
    const stem = id.slice(id.lastIndexOf('/') + 1);
    appendTo(byStem, stem, id);
  }
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    const stem = problem.file.slice(problem.file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
    for (const id of byStem.get(stem) ?? []) {
      const folder = id.slice(0, Math.max(0, id.lastIndexOf('/')));
      if (folder !== '' && !`/${problem.file}`.includes(`/${folder}/`)) continue;
      appendTo(found, id, problem);
    }
  }
  return found;
}

/** With this among the others, or without it where it was there. */
export function toggled<Item>(items: readonly Item[], item: Item): readonly Item[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}
