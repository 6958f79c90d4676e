import { iou } from '../base/iou.ts';
import { matchClasses } from './match-classes.ts';
import type { CountedImages, FoundBox, ImageBoxes, TrueBox } from './types.ts';

/** In the order in which they are told. */
export const ERROR_KINDS = ['class', 'localisation', 'both', 'duplicate', 'background', 'missed'] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

export type ErrorCounts = Readonly<Record<ErrorKind, CountedImages>>;

/** From this overlap on a detection is about a box at all (the paper's t_b). */
const LEAST_OVERLAP = 0.1;

/**
 * Says of each mistake at a confidence what kind it is, after Bolya and others, "TIDE: A General Toolbox for Identifying Object
 * Detection Errors" (arXiv 2008.08115, section 2.2), with its thresholds 0.5 and 0.1. A wrong detection is
 * - `duplicate`: 0.5 or more with a box of its class that a better detection has;
 * - `localisation`: from 0.1 up to 0.5 with a box of its class;
 * - `class`: 0.5 or more with a box of another class;
 * - `both`: from 0.1 up to 0.5 with a box of another class;
 * - `background`: less than 0.1 with every box;
 * the first that holds. A true box without a detection is `missed`, unless a `class` or `localisation` error is about it.
 *
 * Other than there, mistakes are counted, not weighed by the AP that mending them would give, and a detection that is about a
 * difficult box is not counted.
 */
export function errorKinds(images: readonly ImageBoxes[], confidence: number, iouThreshold = 0.5): ErrorCounts {
  const counts = new Map<ErrorKind, { count: number; images: number[] }>(
    ERROR_KINDS.map((kind) => [kind, { count: 0, images: [] }]),
  );
  images.forEach((image, imageIndex) => {
    const add = (kind: ErrorKind): void => {
      const entry = counts.get(kind);
      if (entry === undefined) return;
      entry.count += 1;
      if (entry.images.at(-1) !== imageIndex) entry.images.push(imageIndex);
    };
    const { right, wrong, missed } = matchClasses(image, confidence, iouThreshold);
    const taken = new Set(right.map(({ box }) => box));
    const explained = new Set<TrueBox>();
    for (const found of wrong) {
      const mistake = kindOf(found, image.truth, taken, iouThreshold);
      if (mistake === null) continue;
      add(mistake.kind);
      if (mistake.box !== null && (mistake.kind === 'class' || mistake.kind === 'localisation')) {
        explained.add(mistake.box);
      }
    }
    for (const box of missed) if (!explained.has(box)) add('missed');
  });
  const none: CountedImages = { count: 0, images: [] };
  const of = (kind: ErrorKind): CountedImages => counts.get(kind) ?? none;
  return {
    class: of('class'),
    localisation: of('localisation'),
    both: of('both'),
    duplicate: of('duplicate'),
    background: of('background'),
    missed: of('missed'),
  };
}

/** What is wrong with a detection and the box that it is about; null where that box is difficult. */
function kindOf(
  found: FoundBox,
  truth: readonly TrueBox[],
  taken: ReadonlySet<TrueBox>,
  threshold: number,
): { readonly kind: ErrorKind; readonly box: TrueBox | null } | null {
  const own = mostOverlapped(
    found,
    truth.filter(({ classId }) => classId === found.classId),
  );
  const other = mostOverlapped(
    found,
    truth.filter(({ classId }) => classId !== found.classId),
  );
  const about = (kind: ErrorKind, box: TrueBox | null) => (box?.difficult === true ? null : { kind, box });
  // A box of its own class that it reaches and that is free would have made it right.
  if (own.box !== null && own.overlap >= threshold && taken.has(own.box)) return about('duplicate', own.box);
  if (own.overlap >= LEAST_OVERLAP) return about('localisation', own.box);
  if (other.overlap >= threshold) return about('class', other.box);
  if (other.overlap >= LEAST_OVERLAP) return about('both', other.box);
  return { kind: 'background', box: null };
}

function mostOverlapped(found: FoundBox, truth: readonly TrueBox[]): { box: TrueBox | null; overlap: number } {
  let best: TrueBox | null = null;
  let bestOverlap = 0;
  for (const box of truth) {
    const overlap = iou(found.boxXyxy, box.boxXyxy);
    if (overlap > bestOverlap) {
      best = box;
      bestOverlap = overlap;
    }
  }
  return { box: best, overlap: bestOverlap };
}
