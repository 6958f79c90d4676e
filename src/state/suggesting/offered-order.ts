import type { ProposedBox } from '../labelling/proposals.ts';

/** A picture that weights have looked at. */
export interface SeenPicture {
  readonly sampleId: string;
  /** Best first. */
  readonly boxes: readonly ProposedBox[];
  /** `[d]` of length 1. */
  readonly descriptor: Float32Array;
}

/** A picture that is offered for labelling, and why. */
export interface OfferedPicture {
  readonly sampleId: string;
  /** A sentence without its full stop. */
  readonly reason: string;
}

/** So many are spread out, and away from so many that were shown last; who has labelled these trains again before the rest matters. */
const MOST_SPREAD = 20;
/** What speaks for a picture in which nothing was found: it may be empty, or the model blind. */
const DOUBT_OF_NOTHING = 0.4;
/** So much of the doubt counts where a picture looks just like one before it. */
const LEAST_NOVELTY = 0.2;
const DOUBTFUL = 0.4;
const NOVEL = 0.7;

/**
 * The order in which labels help most: first what the model is unsure about, and of that what looks unlike the pictures before it
 * and those in `before`. A greedy choice: each time the largest product of doubt and distance to the nearest one chosen.
 */
export function offeredOrder(pictures: readonly SeenPicture[], before: readonly SeenPicture[]): OfferedPicture[] {
  const rest = pictures.map((picture) => ({ picture, doubt: doubtOf(picture.boxes), distance: 1 }));
  const near = (to: SeenPicture): void => {
    for (const one of rest) one.distance = Math.min(one.distance, distance(one.picture.descriptor, to.descriptor));
  };
  for (const picture of before.slice(-MOST_SPREAD)) near(picture);

  const order: OfferedPicture[] = [];
  let isFirst = before.length === 0;
  while (rest.length > 0 && order.length < MOST_SPREAD) {
    const farthest = Math.max(...rest.map((one) => one.distance), Number.MIN_VALUE);
    const value = ({ doubt, distance }: (typeof rest)[number]): number =>
      doubt * (LEAST_NOVELTY + (1 - LEAST_NOVELTY) * (distance / farthest));
    const at = rest.reduce((best, one, i) => (value(one) > value(rest[best] ?? one) ? i : best), 0);
    const [chosen] = rest.splice(at, 1);
    if (chosen === undefined) break;
    const isNovel = !isFirst && chosen.distance / farthest >= NOVEL;
    order.push({ sampleId: chosen.picture.sampleId, reason: reasonOf(chosen.picture, isNovel) });
    near(chosen.picture);
    isFirst = false;
  }
  const left = rest.toSorted((a, b) => b.doubt - a.doubt);
  return [...order, ...left.map(({ picture }) => ({ sampleId: picture.sampleId, reason: reasonOf(picture, false) }))];
}

/** How unsure the model is of a picture, 0..1: on the average of the three boxes that it is most unsure of. */
function doubtOf(boxes: readonly ProposedBox[]): number {
  if (boxes.length === 0) return DOUBT_OF_NOTHING;
  const most = boxes
    .map(({ score }) => doubtOfScore(score))
    .sort((a, b) => b - a)
    .slice(0, 3);
  return most.reduce((sum, doubt) => sum + doubt, 0) / most.length;
}

/** 1 for a score of a half, 0 for one of 0 or 1. */
function doubtOfScore(score: number): number {
  return 1 - Math.abs(2 * score - 1);
}

function reasonOf({ boxes }: SeenPicture, isNovel: boolean): string {
  const unsure = boxes.filter(({ score }) => doubtOfScore(score) >= DOUBTFUL);
  const most = unsure.toSorted((a, b) => doubtOfScore(b.score) - doubtOfScore(a.score))[0];
  const sure = boxes.length === 0 ? 'Nothing was found in it' : 'Sure of what it found';
  const doubt =
    most === undefined
      ? sure
      : `Unsure of ${unsure.length === 1 ? 'one box' : `${unsure.length} boxes`}, such as ${most.className} at ${most.score.toFixed(2)}`;
  return isNovel ? `${doubt}; unlike the pictures before it` : doubt;
}

/** 0 for pictures that are the same to the model, 1 for those without anything in common; both are of length 1. */
function distance(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let i = 0; i < a.length; i += 1) product += (a[i] ?? 0) * (b[i] ?? 0);
  return Math.min(Math.max(1 - product, 0), 1);
}
