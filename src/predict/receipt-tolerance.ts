/** How far another implementation may be from ours before an export is refused. */
export interface ReceiptTolerance {
  /** Of class logits. */
  readonly logits: number;
  /** Of box coordinates, as fractions of the picture. */
  readonly boxes: number;
  /** Of scores of what is found. */
  readonly score: number;
  /** Of corners of what is found, in pixels of the picture. */
  readonly boxPx: number;
}

/** In full precision: what float32 in another order of sums may differ by, with room for a driver's own. */
const FULL: ReceiptTolerance = { logits: 5e-3, boxes: 1e-3, score: 1e-3, boxPx: 0.5 };

/** Halves have 11 bits: a weight differs by up to 2^-12 of itself, a logit by far more. */
const HALF: ReceiptTolerance = { logits: 0.25, boxes: 0.02, score: 0.02, boxPx: 5 };

/** The tolerance for weights of that precision. */
export function receiptTolerance(precision: 'f32' | 'f16'): ReceiptTolerance {
  return precision === 'f32' ? FULL : HALF;
}
