import type { FoundBox, TrueBox } from './types.ts';

export const CAT = 0;
export const DOG = 1;

/** A found box of 10 x 10 whose left edge is at `x`. For tests only. */
export function found(classId: number, x: number, score = 0.9): FoundBox {
  return { classId, score, boxXyxy: [x, 0, x + 10, 10] };
}

/** A true box of 10 x 10 whose left edge is at `x`. For tests only. */
export function there(classId: number, x: number, difficult = false): TrueBox {
  return { classId, boxXyxy: [x, 0, x + 10, 10], difficult };
}
