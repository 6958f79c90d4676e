import type { BoxXyxy, Size } from './boxes.ts';

export interface LabelRequest {
  /** The box that the label names, in the overlay's pixels; it may reach past the picture. */
  readonly boxXyxy: BoxXyxy;
  /** Of the label's text with its padding, in the same pixels. */
  readonly size: Size;
}

/** The top left corner of a label, or null where it would have covered another. */
export type LabelPlace = { readonly x: number; readonly y: number } | null;

const GAP = 1;

/**
 * Places one label a box so that no label covers another and none leaves the frame, the first requests first. Each takes
 * the free place that hides least of the boxes: at a corner of its own box where possible, else moved along its sides.
 * A label with no free place near its box gets null: better none than one that can't be read.
 */
export function placeLabels(requests: readonly LabelRequest[], frame: Size): LabelPlace[] {
  const taken: BoxXyxy[] = [];
  const boxes = requests.map(({ boxXyxy }) => boxXyxy);
  return requests.map((request) => {
    const { size } = request;
    let best: { x: number; y: number; cost: number } | null = null;
    for (const { x, y, cost: distance } of candidates(request)) {
      const at: BoxXyxy = [x, y, x + size.w, y + size.h];
      if (x < 0 || y < 0 || at[2] > frame.w || at[3] > frame.h) continue;
      if (taken.some((other) => overlap(at, other, GAP) > 0)) continue;
      const hidden = boxes.reduce((sum, box) => sum + overlap(at, box, 0), 0) / (size.w * size.h);
      const cost = distance + hidden;
      if (best === null || cost < best.cost) best = { x, y, cost };
    }
    if (best === null) return null;
    taken.push([best.x, best.y, best.x + size.w, best.y + size.h]);
    return { x: best.x, y: best.y };
  });
}

/** Places around and inside the box with what each is worth less than the usual one, above at the left. */
function* candidates({ boxXyxy, size }: LabelRequest): Generator<{ x: number; y: number; cost: number }> {
  const [x0, y0, x1, y1] = boxXyxy;
  const { w, h } = size;
  const insideX = Math.max(x0, 0);
  const insideY = Math.max(y0, 0);
  yield { x: x0, y: y0 - h, cost: 0 };
  yield { x: insideX, y: y0 - h, cost: 0.05 };
  yield { x: x1 - w, y: y0 - h, cost: 0.3 };
  yield { x: x0, y: y1, cost: 0.5 };
  yield { x: insideX, y: y1, cost: 0.55 };
  yield { x: x1 - w, y: y1, cost: 0.7 };
  yield { x: insideX, y: insideY, cost: 0.2 };
  yield { x: x1 - w, y: insideY, cost: 0.5 };
  yield { x: x0, y: y1 - h, cost: 0.6 };
  yield { x: x1 - w, y: y1 - h, cost: 0.8 };
  // Along the sides, a quarter of a label at a time.
  for (let y = y0 - h; y <= y1; y += h / 4) {
    yield { x: x1, y, cost: 1 };
    yield { x: x0 - w, y, cost: 1.2 };
    yield { x: x0, y, cost: 1.1 };
  }
  for (let x = x0 - w; x <= x1; x += Math.max(w / 4, 4)) {
    yield { x, y: y0 - h, cost: 1 };
    yield { x, y: y1, cost: 1.2 };
  }
}

function overlap(a: BoxXyxy, b: BoxXyxy, margin: number): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + margin;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + margin;
  return width > 0 && height > 0 ? width * height : 0;
}
