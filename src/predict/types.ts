import type { BoxXyxy, Size } from '../base/boxes.ts';

/** One box found in a picture. */
export interface DetectedBox {
  readonly label: string;
  readonly labelId: number;
  /** 0..1. */
  readonly score: number;
  /** Pixels of the picture as displayed; not clipped to it. */
  readonly boxXyxyPx: BoxXyxy;
}

/** Everything found in one picture above the threshold, best first. */
export interface Prediction {
  readonly size: Size;
  readonly detections: readonly DetectedBox[];
  /** From decoded pixels to boxes. */
  readonly elapsedMs: number;
}
