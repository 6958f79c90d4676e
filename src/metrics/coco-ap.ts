import { groupByClassAndImage } from './by-image.ts';
import type { CocoCurves } from './coco-class.ts';
import { evaluateCocoClass } from './coco-class.ts';
import { COCO_IOU_THRESHOLDS } from './coco-params.ts';
import type { CocoSummary, Detection, GroundTruth } from './types.ts';

/** The COCO figures of all classes and of each. */
export interface CocoEvaluation {
  readonly summary: CocoSummary;
  /** By class id. */
  readonly perClass: readonly CocoSummary[];
  /** By class id: precision at the 101 recalls, overlap 0.5, all areas; null for a class without truth. */
  readonly precision50: readonly (Float64Array | null)[];
}

type ClassCurves = readonly (CocoCurves | null)[];

const AREA = { all: 0, small: 1, medium: 2, large: 3 };
const MOST = { one: 0, ten: 1, hundred: 2 };
const EVERY = COCO_IOU_THRESHOLDS.map((_, index) => index);

/**
 * Average precision and recall as COCO defines them (cocodataset/cocoapi @8c9bcc3 `PythonAPI/pycocotools/cocoeval.py`), for
 * class ids from 0 to `classCount - 1`, boxes in pixels; `difficult` is not looked at. A box with `ignore` is matched at normal
 * overlap and a crowd by intersection over the detection's area; neither counts. Figures are null where no box counts.
 */
export function evaluateCoco(
  detections: readonly Detection[],
  truth: readonly GroundTruth[],
  classCount: number,
): CocoEvaluation {
  const classes = groupByClassAndImage(detections, truth, classCount).map(evaluateCocoClass);
  return {
    summary: summarise(classes),
    perClass: classes.map((each) => summarise([each])),
    precision50: classes.map(([all]) => all?.precision[0] ?? null),
  };
}

function summarise(classes: readonly ClassCurves[]): CocoSummary {
  return {
    AP: meanPrecision(classes, AREA.all, EVERY),
    AP50: meanPrecision(classes, AREA.all, [0]),
    AP75: meanPrecision(classes, AREA.all, [5]),
    APs: meanPrecision(classes, AREA.small, EVERY),
    APm: meanPrecision(classes, AREA.medium, EVERY),
    APl: meanPrecision(classes, AREA.large, EVERY),
    AR1: meanRecall(classes, AREA.all, MOST.one),
    AR10: meanRecall(classes, AREA.all, MOST.ten),
    AR100: meanRecall(classes, AREA.all, MOST.hundred),
    ARs: meanRecall(classes, AREA.small, MOST.hundred),
    ARm: meanRecall(classes, AREA.medium, MOST.hundred),
    ARl: meanRecall(classes, AREA.large, MOST.hundred),
  };
}

function meanPrecision(classes: readonly ClassCurves[], area: number, thresholds: readonly number[]): number | null {
  return mean(
    classes.flatMap((curves) => thresholds.flatMap((threshold) => [...(curves[area]?.precision[threshold] ?? [])])),
  );
}

function meanRecall(classes: readonly ClassCurves[], area: number, most: number): number | null {
  return mean(classes.flatMap((curves) => (curves[area]?.recall ?? []).map((recall) => recall[most] ?? 0)));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
