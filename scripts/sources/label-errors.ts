import type { BoxXyxy } from '../../src/base/boxes.ts';
import { type LabelDoubt, labelDoubts } from '../../src/metrics/label-doubts.ts';
import type { SplitEvaluation } from '../../src/train/evaluate.ts';
import { imagesOf } from '../../src/ui/evaluate-room/images-of.ts';

/** A label that is likely to be wrong, as a file tells it: pixels of the picture as displayed. */
export interface LabelError {
  readonly image: string;
  readonly kind: LabelDoubt['kind'];
  readonly doubt: number;
  /** The label; null where one is missing. */
  readonly label: { readonly class: string; readonly box: BoxXyxy } | null;
  /** What was found there; null for nothing. */
  readonly found: { readonly class: string; readonly score: number; readonly box: BoxXyxy } | null;
}

/** Lower scores say nothing. */
export const LEAST_SCORE = 0.05;

/** What an evaluation says about the labels, the most likely errors first. All its pictures have to be kept, with what was found from `LEAST_SCORE` on. */
export function labelErrors({ pictures }: Pick<SplitEvaluation, 'pictures'>, classes: readonly string[]): LabelError[] {
  const images = imagesOf({ pictures, classes });
  const nameOf = (classId: number): string => classes[classId] ?? '';
  return labelDoubts([images]).map(({ image, kind, doubt, truth: at, found: thing }) => {
    const box = at === null ? undefined : images[image]?.truth[at];
    return {
      image: pictures[image]?.sampleId ?? '',
      kind,
      doubt,
      label: box === undefined ? null : { class: nameOf(box.classId), box: box.boxXyxy },
      found: thing === null ? null : { class: nameOf(thing.classId), score: thing.score, box: thing.boxXyxy },
    };
  });
}
