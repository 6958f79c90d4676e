import type { BoxXyxy, Size } from '../base/boxes.ts';

/** One box that the model found. */
export interface Detection {
  readonly imageId: number;
  readonly classId: number;
  readonly score: number;
  /** Any one unit throughout, 0-based, continuous. */
  readonly boxXyxy: BoxXyxy;
  /** Where the source states width and height (COCO JSON): those numbers, which the corners' differences may miss by rounding. */
  readonly size?: Size;
}

/** One box of the truth. */
export interface GroundTruth {
  readonly imageId: number;
  readonly classId: number;
  readonly boxXyxy: BoxXyxy;
  /** As for a detection. */
  readonly size?: Size;
  /** Pixels, as the annotation says (COCO's size classes); the box's own area when absent. */
  readonly area?: number;
  /** COCO: a region to be ignored, matched by intersection over detection. */
  readonly crowd?: boolean;
  /** Matched at normal IoU, counts neither for nor against. */
  readonly ignore?: boolean;
  /** VOC: counts neither for nor against. */
  readonly difficult?: boolean;
}

/** The twelve figures of the COCO protocol; null where there is nothing to measure. */
export interface CocoSummary {
  readonly AP: number | null;
  readonly AP50: number | null;
  readonly AP75: number | null;
  readonly APs: number | null;
  readonly APm: number | null;
  readonly APl: number | null;
  readonly AR1: number | null;
  readonly AR10: number | null;
  readonly AR100: number | null;
  readonly ARs: number | null;
  readonly ARm: number | null;
  readonly ARl: number | null;
}

/** What `evaluate` prints and the page shows. */
export interface EvaluationReport {
  readonly voc: {
    readonly map50: number | null;
    readonly map50_11_point: number | null;
    readonly per_class: Readonly<Record<string, { ap50: number | null; ap50_11_point: number | null; npos: number }>>;
  };
  readonly coco: CocoSummary & { readonly per_class: Readonly<Record<string, number | null>> };
}

/** Precision against recall as the score sinks, at one overlap. The arrays run in step, best score first. */
export interface PrecisionRecallCurve {
  /** Null for all classes together. */
  readonly className: string | null;
  readonly scores: readonly number[];
  /** Not made monotonous: what one gets by taking every box from that score up. */
  readonly precisions: readonly number[];
  readonly recalls: readonly number[];
}

/** A box that was found in an image, for looking at single images. */
export type FoundBox = Pick<Detection, 'classId' | 'score' | 'boxXyxy'>;

/** A box that is there. Difficult ones count neither for nor against. */
export interface TrueBox {
  readonly classId: number;
  readonly boxXyxy: BoxXyxy;
  readonly difficult: boolean;
}

/** What was found and what is there in one image, all classes together. */
export interface ImageBoxes {
  readonly detections: readonly FoundBox[];
  readonly truth: readonly TrueBox[];
}

/** A count with the images that stand behind it, by index and ascending, each once. */
export interface CountedImages {
  readonly count: number;
  readonly images: readonly number[];
}

/** The point of a precision-recall curve at a confidence. */
export interface OperatingPoint {
  readonly confidence: number;
  /** Null where no box reaches that confidence. */
  readonly precision: number | null;
  readonly recall: number;
  readonly f1: number;
}
