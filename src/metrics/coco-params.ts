/** The ten overlaps 0.5, 0.55 ... 0.95, as `numpy.linspace` makes them (the ninth is 0.8999999999999999). */
export const COCO_IOU_THRESHOLDS: readonly number[] = linspace(0.5, 0.95, 10);

/** The 101 recalls 0, 0.01 ... 1, as `numpy.linspace` makes them. */
export const COCO_RECALL_THRESHOLDS: readonly number[] = linspace(0, 1, 101);

/** Square pixels, both ends included: all, small, medium, large. */
export const COCO_AREA_RANGES: readonly (readonly [number, number])[] = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
];

/** So many of the best detections of an image and class are looked at; precision takes the last. */
export const COCO_MAX_DETECTIONS: readonly [number, number, number] = [1, 10, 100];

function linspace(first: number, last: number, count: number): number[] {
  const step = (last - first) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : i * step + first));
}
