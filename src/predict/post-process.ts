import type { BoxXyxy, Size } from '../base/boxes.ts';

/** The best class of one query. */
export interface QueryDetection {
  readonly query: number;
  readonly labelId: number;
  /** Softmax over all classes, "no object" included; 0..1. */
  readonly score: number;
  /** Pixels; not clipped to the picture. */
  readonly boxXyxyPx: BoxXyxy;
}

export interface PostProcessShape {
  readonly queries: number;
  /** Without "no object". */
  readonly classes: number;
  /** What the boxes are fractions of: the picture in its own pixels. */
  readonly size: Size;
}

/**
 * What one picture's queries found, in the order of queries: each with its best class that is an object, where the score
 * is above `threshold`.
 *
 * `logits` `[Q, C + 1]` f32; `boxes` `[Q, 4]` f32, cxcywh, fraction of the picture. Source:
 * `DetrImageProcessor.post_process_object_detection` of transformers, which keeps score > threshold.
 */
export function postProcess(
  logits: Float32Array,
  boxes: Float32Array,
  { queries, classes, size }: PostProcessShape,
  threshold: number,
): QueryDetection[] {
  const found: QueryDetection[] = [];
  for (let query = 0; query < queries; query++) {
    const { labelId, score } = bestClass(logits.subarray(query * (classes + 1), (query + 1) * (classes + 1)));
    if (score > threshold) found.push({ query, labelId, score, boxXyxyPx: toPixels(boxes, query * 4, size) });
  }
  return found;
}

function bestClass(row: Float32Array): { labelId: number; score: number } {
  const classes = row.length - 1;
  let labelId = 0;
  for (let c = 1; c < classes; c++) if ((row[c] ?? 0) > (row[labelId] ?? 0)) labelId = c;
  const largest = row.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const total = row.reduce((sum, x) => sum + Math.exp(x - largest), 0);
  return { labelId, score: Math.exp((row[labelId] ?? 0) - largest) / total };
}

function toPixels(boxes: Float32Array, at: number, { h, w }: Size): BoxXyxy {
  const [cx = 0, cy = 0, bw = 0, bh = 0] = boxes.subarray(at, at + 4);
  return [(cx - bw / 2) * w, (cy - bh / 2) * h, (cx + bw / 2) * w, (cy + bh / 2) * h];
}
