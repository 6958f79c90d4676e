import type { LabelBox } from './labels.ts';

/** Keys of the selected boxes, the one that was selected last at the end. */
export type Selection = readonly number[];

/** The selection after a click on a box: that one alone, or with `add` taken in, or out where it was in. */
export function clicked(selection: Selection, key: number, add: boolean): Selection {
  if (!add) return [key];
  return selection.includes(key) ? selection.filter((other) => other !== key) : [...selection, key];
}

/**
 * The key that a click selects among the boxes under it, topmost first: the next one after the selected one, so that a
 * click again goes on to what lies below. Null where there is nothing.
 */
export function nextUnder(hits: readonly { readonly key: number }[], selection: Selection): number | null {
  const last = selection.at(-1);
  const at = selection.length === 1 ? hits.findIndex(({ key }) => key === last) : -1;
  return hits[(at + 1) % Math.max(hits.length, 1)]?.key ?? null;
}

/** The key before or after the selected one; past either end null, from none the first or the last. */
export function cycled(keys: readonly number[], selection: Selection, by: 1 | -1): number | null {
  const last = selection.at(-1);
  const at = last === undefined ? -1 : keys.indexOf(last);
  if (at < 0) return (by === 1 ? keys[0] : keys.at(-1)) ?? null;
  return at + by < 0 ? null : (keys[at + by] ?? null);
}

/** Without the keys of boxes that are gone. */
export function stillThere(selection: Selection, boxes: readonly LabelBox[]): Selection {
  const there = new Set(boxes.map(({ key }) => key));
  const kept = selection.filter((key) => there.has(key));
  return kept.length === selection.length ? selection : kept;
}
