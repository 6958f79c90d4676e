import { useDeferredValue, useMemo } from 'react';
import { type ConfusionMatrix, confusionMatrix } from '../../metrics/confusion.ts';
import { bestF1, pointAt } from '../../metrics/curves.ts';
import { type ErrorCounts, errorKinds } from '../../metrics/error-kinds.ts';
import { type PictureCost, worstFirst } from '../../metrics/picture-cost.ts';
import type { ImageBoxes, OperatingPoint } from '../../metrics/types.ts';
import type { EvaluationResult, PrecisionRecallCurve } from '../../rpc/protocol.ts';
import { useEvaluation } from '../studio.ts';
import { imagesOf } from './images-of.ts';

/** Boxes below this score were not handed to the page. */
export const LEAST_CONFIDENCE = 0.05;

const NO_CURVE: PrecisionRecallCurve = { className: null, scores: [], precisions: [], recalls: [] };

/** What a result says at the confidence that is set. */
export interface Analysis {
  readonly all: PrecisionRecallCurve;
  /** The curve with the handle: the chosen class's, or the one of all. */
  readonly curve: PrecisionRecallCurve;
  /** Of all classes together; null where nothing was found. */
  readonly best: OperatingPoint | null;
  readonly confidence: number;
  readonly point: OperatingPoint;
  readonly confusion: ConfusionMatrix;
  readonly errors: ErrorCounts;
  /** Every picture by its index, the worst first. */
  readonly worst: readonly (PictureCost & { readonly image: number })[];
}

/** Everything that depends on the confidence; what is long to draw follows a moving handle as the browser finds time. */
export function useAnalysis(result: EvaluationResult): Analysis {
  const classId = useEvaluation((state) => state.classId);
  const chosen = useEvaluation((state) => state.confidence);
  const all = result.curves[0] ?? NO_CURVE;
  const curve = classId === null ? all : (result.curves[classId + 1] ?? all);
  const best = useMemo(() => bestF1(all), [all]);
  const confidence = chosen ?? Math.max(LEAST_CONFIDENCE, best?.confidence ?? 0.5);
  const point = useMemo(() => pointAt(curve, confidence), [curve, confidence]);

  const images = useMemo((): readonly ImageBoxes[] => imagesOf(result), [result]);
  const behind = useDeferredValue(confidence);
  const classCount = result.classes.length;
  const confusion = useMemo(
    () => confusionMatrix(images, classCount, { confidence: behind }),
    [images, classCount, behind],
  );
  const errors = useMemo(() => errorKinds(images, behind), [images, behind]);
  const worst = useMemo(() => worstFirst(images, behind), [images, behind]);
  return { all, curve, best, confidence, point, confusion, errors, worst };
}
