import type { Size } from '../base/boxes.ts';
import type { QueryOutput } from './detector.ts';
import { postProcess } from './post-process.ts';
import type { DetectedBox } from './types.ts';

/** How two lists of what was found in a picture differ. */
export interface DetectionDifference {
  /** Boxes of ours that were looked for in the other list. */
  readonly count: number;
  /** Of these, without one of the same class at their place; and boxes of the other list that are left over. */
  readonly different: number;
  /** Largest difference of a score, and of a corner in pixels, among the others. */
  readonly score: number;
  readonly boxPx: number;
}

/** One query of ours, and what the other implementation may say of it. */
interface ExpectedQuery {
  readonly labelIds: ReadonlySet<number>;
  readonly score: number;
  readonly boxXyxyPx: readonly number[];
  /** "No object" is as likely within the tolerance: it may be dropped there. */
  readonly optional: boolean;
}

/**
 * Compares what our queries say of a picture of `size` pixels with what transformers.js kept of the same, both in the order
 * of queries: it keeps each query whose best class is an object. Where two classes are within `tie` of each other, either
 * may be named.
 */
export function compareInOrder(
  ours: QueryOutput,
  theirs: readonly DetectedBox[],
  size: Size,
  tie: number,
): DetectionDifference {
  const difference = { count: 0, different: 0, score: 0, boxPx: 0 };
  let at = 0;
  for (const { labelIds, score, boxXyxyPx, optional } of expectedQueries(ours, size, tie)) {
    const found = theirs[at];
    const boxPx = found === undefined ? Number.POSITIVE_INFINITY : cornerDistance(boxXyxyPx, found.boxXyxyPx);
    const same = found !== undefined && labelIds.has(found.labelId);
    // A query that may be missing is there only where its box is.
    if (optional && (!same || boxPx > 1)) continue;
    at += 1;
    difference.count += 1;
    if (!same) difference.different += 1;
    else {
      difference.boxPx = Math.max(difference.boxPx, boxPx);
      // Of two classes that are as likely the scores are alike as well.
      difference.score = Math.max(difference.score, Math.abs(score - found.score));
    }
  }
  return { ...difference, different: difference.different + Math.max(0, theirs.length - at) };
}

function expectedQueries({ logits, boxes }: QueryOutput, size: Size, tie: number): ExpectedQuery[] {
  const queries = boxes.length / 4;
  const classes = logits.length / queries - 1;
  return postProcess(logits, boxes, { queries, classes, size }, -1).flatMap(({ query, score, boxXyxyPx }) => {
    const row = logits.subarray(query * (classes + 1), (query + 1) * (classes + 1));
    const best = Math.max(...row);
    const labelIds = new Set([...row.keys()].filter((id) => (row[id] ?? 0) >= best - tie));
    if (labelIds.size === 1 && labelIds.has(classes)) return [];
    return [{ labelIds, score, boxXyxyPx, optional: labelIds.has(classes) }];
  });
}

/** The largest distance between the same coordinates of two boxes. */
export function cornerDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}
