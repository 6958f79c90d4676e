import type { DetectedBox, Prediction } from '../rpc/protocol.ts';

/** The boxes with a score above `threshold`, best first, each with its index among all that were found. */
export function shownDetections(
  prediction: Prediction | null,
  threshold: number,
): readonly { readonly index: number; readonly detection: DetectedBox }[] {
  return (prediction?.detections ?? [])
    .map((detection, index) => ({ index, detection }))
    .filter(({ detection }) => detection.score > threshold);
}

/** The same as `predict --json` prints: pixels of the picture, sorted by score. */
export function predictionJson(image: string, { size, detections }: Prediction, threshold: number): string {
  const found = detections
    .filter(({ score }) => score > threshold)
    .map(({ label, score, boxXyxyPx: [xmin, ymin, xmax, ymax] }) => ({
      label,
      score,
      box: { xmin, ymin, xmax, ymax },
    }));
  return `${JSON.stringify([{ image, width: size.w, height: size.h, detections: found }], null, 2)}\n`;
}
