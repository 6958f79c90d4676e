import { intersection, iou } from '../base/iou.ts';
import type { FoundBox, ImageBoxes, TrueBox } from './types.ts';

/** What may be wrong with a label. */
export const LABEL_DOUBTS = ['unlabelled', 'class', 'place', 'doubled', 'unfound'] as const;
export type LabelDoubtKind = (typeof LABEL_DOUBTS)[number];

/** A label that is likely to be wrong, or a place that is likely to lack one. */
export interface LabelDoubt {
  /** By its index. */
  readonly image: number;
  readonly kind: LabelDoubtKind;
  /** How likely, 0..1: for an order, not as a share. */
  readonly doubt: number;
  /** Index of the true box; null where there is none. */
  readonly truth: number | null;
  /** What was found instead of it, or where none is; null where nothing was. */
  readonly found: FoundBox | null;
}

/** From this overlap on two boxes are about one thing. */
const SAME = 0.5;
/** Up to this overlap two boxes have nothing to do with each other. */
const APART = 0.1;
/** From this overlap on a box is taken for well placed. */
const PLACED = 0.75;
/** Two true boxes of one class that overlap by more are one thing twice. */
const DOUBLED = 0.7;
/** What nothing speaks against but that it was not found: small and hidden things are missed by good models too. */
const WEIGHT_OF_UNFOUND = 0.6;
/** What is less likely is no finding. */
const LEAST_DOUBT = 0.1;

/**
 * Looks for labels that evaluations speak against, the most likely errors first. `runs` are the same images under different weights;
 * with several a label counts as found where any of them found it, and what is found without a label counts by the mean of its
 * scores, so that one model's fancy weighs less.
 *
 * Each true box gives at most one finding, each thing that was found at most one. A finding is, by what was found there:
 * - `class`: something of another class, at 0.5 of overlap or more;
 * - `place`: something of its class beside it, from 0.1 of overlap on, that is about no other box;
 * - `doubled`: a better placed box of its class lies on the same thing;
 * - `unfound`: nothing;
 * - `unlabelled`: something where no box is.
 *
 * How sure a model is of the label itself, `support`, takes from the doubt. The idea that a model's own confident disagreement finds
 * wrong labels is that of Northcutt and others, "Confident Learning" (arXiv 1911.00068).
 */
export function labelDoubts(runs: readonly (readonly ImageBoxes[])[]): LabelDoubt[] {
  const [first = []] = runs;
  const doubts = first.flatMap(({ truth }, image) =>
    ofImage(
      image,
      truth,
      // What is found with less would be no finding, and there is much of it.
      runs.map((run) => (run[image]?.detections ?? []).filter(({ score }) => score >= LEAST_DOUBT)),
    ),
  );
  return doubts.filter(({ doubt }) => doubt >= LEAST_DOUBT).sort((a, b) => b.doubt - a.doubt);
}

function ofImage(image: number, truth: readonly TrueBox[], runs: readonly (readonly FoundBox[])[]): LabelDoubt[] {
  const doubts: LabelDoubt[] = [];
  const supports = truth.map((box) => Math.max(0, ...runs.map((found) => supportOf(box, found))));
  const things = foundThings(runs);
  /** Each thing goes to the true box of its class that it overlaps most. */
  const ownOf = (thing: FoundBox): number | null => {
    const own = truth.map((box) => (box.classId === thing.classId ? iou(box.boxXyxy, thing.boxXyxy) : 0));
    const best = own.indexOf(Math.max(...own));
    return best >= 0 && (own[best] ?? 0) >= SAME ? best : null;
  };
  const explained = new Set<FoundBox>();
  const free = things.filter((thing) => ownOf(thing) === null);

  for (const [at, box] of truth.entries()) {
    if (box.difficult) continue;
    const support = supports[at] ?? 0;
    const add = (kind: LabelDoubtKind, doubt: number, found: FoundBox | null): void => {
      doubts.push({ image, kind, doubt, truth: at, found });
    };
    const better = truth.findIndex(
      (other, i) =>
        i !== at &&
        other.classId === box.classId &&
        iou(other.boxXyxy, box.boxXyxy) >= DOUBLED &&
        ((supports[i] ?? 0) > support || ((supports[i] ?? 0) === support && i < at)),
    );
    if (better >= 0) {
      add('doubled', iou(truth[better]?.boxXyxy ?? box.boxXyxy, box.boxXyxy), null);
      continue;
    }
    const against = bestOf(
      free.filter((thing) => thing.classId !== box.classId && iou(thing.boxXyxy, box.boxXyxy) >= SAME),
    );
    const beside = bestOf(
      free.filter((thing) => thing.classId === box.classId && iou(thing.boxXyxy, box.boxXyxy) >= APART),
    );
    const evidence = Math.max(against?.score ?? 0, beside?.score ?? 0);
    const doubt = Math.max(evidence, WEIGHT_OF_UNFOUND) * (1 - support);
    if (against !== null && against.score >= (beside?.score ?? 0)) {
      explained.add(against);
      add('class', doubt, against);
    } else if (beside !== null) {
      explained.add(beside);
      add('place', doubt, beside);
    } else add('unfound', doubt, null);
  }
  const ignored = truth.filter(({ difficult }) => difficult);
  for (const thing of free) {
    if (explained.has(thing) || ignored.some((box) => isInside(thing, box))) continue;
    const nearest = Math.max(0, ...truth.map((box) => iou(box.boxXyxy, thing.boxXyxy)));
    doubts.push({ image, kind: 'unlabelled', doubt: thing.score * (1 - nearest), truth: null, found: thing });
  }
  return doubts;
}

/** How sure a model is of a label: the best of score times how well it is placed. */
function supportOf(box: TrueBox, found: readonly FoundBox[]): number {
  let best = 0;
  for (const { classId, score, boxXyxy } of found) {
    if (classId !== box.classId) continue;
    const placed = (iou(box.boxXyxy, boxXyxy) - APART) / (PLACED - APART);
    best = Math.max(best, score * Math.min(Math.max(placed, 0), 1));
  }
  return best;
}

/** Whether a thing lies mostly in a box that counts neither way, as one of a crowd does. */
function isInside({ classId, boxXyxy }: FoundBox, box: TrueBox): boolean {
  const area = (boxXyxy[2] - boxXyxy[0]) * (boxXyxy[3] - boxXyxy[1]);
  return classId === box.classId && intersection(boxXyxy, box.boxXyxy, 0) >= SAME * area;
}

/** What the runs found, each thing once: the best box of a class, with the mean over all runs of the scores there. */
function foundThings(runs: readonly (readonly FoundBox[])[]): FoundBox[] {
  const byClass = new Map<number, { readonly best: FoundBox; readonly scores: number[] }[]>();
  const all = runs.flatMap((found, run) => found.map((box) => ({ box, run })));
  for (const { box, run } of all.sort((a, b) => b.box.score - a.box.score)) {
    const things = byClass.get(box.classId) ?? [];
    byClass.set(box.classId, things);
    const same = things.find(({ best }) => iou(best.boxXyxy, box.boxXyxy) >= SAME);
    // The best of each run comes first.
    if (same === undefined) things.push({ best: box, scores: runs.map((_, i) => (i === run ? box.score : 0)) });
    else same.scores[run] ||= box.score;
  }
  return [...byClass.values()].flat().map(({ best, scores }) => {
    return { ...best, score: scores.reduce((sum, score) => sum + score, 0) / runs.length };
  });
}

function bestOf(found: readonly FoundBox[]): FoundBox | null {
  return found.reduce<FoundBox | null>((best, box) => (best === null || box.score > best.score ? box : best), null);
}
