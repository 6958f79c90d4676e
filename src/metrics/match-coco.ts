/** The true boxes of one class in one image, as one area range sees them. */
export interface CocoTruth {
  /** 1 where it counts neither for nor against: crowd, `ignore`, or outside the area range. */
  readonly ignored: Uint8Array;
  /** 1 where any number of detections may match it. */
  readonly crowd: Uint8Array;
}

/** pycocotools lowers a threshold of 1 by this, so that rounding does not refuse equal boxes. */
const LARGEST_THRESHOLD = 1 - 1e-10;

/**
 * Gives each detection, best first, the free true box that it overlaps most by `threshold` or more; boxes that count come
 * before ignored ones, and of equal overlaps the later box wins. Returns `[detections]` the index of the box, or -1.
 * `overlaps` is `[detections, truth]`. Source: cocodataset/cocoapi @8c9bcc3 `PythonAPI/pycocotools/cocoeval.py`, evaluateImg.
 */
export function matchCoco(
  overlaps: Float64Array,
  detectionCount: number,
  { ignored, crowd }: CocoTruth,
  threshold: number,
): Int32Array {
  const truthCount = ignored.length;
  const order = countedFirst(ignored);
  const taken = new Uint8Array(truthCount);
  const matches = new Int32Array(detectionCount).fill(-1);
  for (let detection = 0; detection < detectionCount; detection += 1) {
    let best = Math.min(threshold, LARGEST_THRESHOLD);
    let match = -1;
    for (const box of order) {
      if (taken[box] === 1 && crowd[box] !== 1) continue;
      if (match !== -1 && ignored[match] === 0 && ignored[box] === 1) break;
      const overlap = overlaps[detection * truthCount + box] ?? 0;
      if (overlap < best) continue;
      best = overlap;
      match = box;
    }
    if (match === -1) continue;
    taken[match] = 1;
    matches[detection] = match;
  }
  return matches;
}

/** Indices: those that count, then the ignored ones, each in the order given. */
function countedFirst(ignored: Uint8Array): Uint32Array {
  const order = new Uint32Array(ignored.length);
  let at = 0;
  for (const flag of [0, 1]) {
    for (let box = 0; box < ignored.length; box += 1) {
      if (ignored[box] !== flag) continue;
      order[at] = box;
      at += 1;
    }
  }
  return order;
}
