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

/** A picture's name with what was found in it. */
export interface NamedPrediction {
  readonly name: string;
  readonly prediction: Prediction;
}

/** The same as `predict --json` prints for these pictures: pixels of the picture, sorted by score. */
export function predictionsJson(pictures: readonly NamedPrediction[], threshold: number): string {
  const printed = pictures.map(({ name, prediction }) => ({
    image: name,
    width: prediction.size.w,
    height: prediction.size.h,
    detections: shownDetections(prediction, threshold).map(({ detection }) => {
      const [xmin, ymin, xmax, ymax] = detection.boxXyxyPx;
      return { label: detection.label, score: detection.score, box: { xmin, ymin, xmax, ymax } };
    }),
  }));
  return `${JSON.stringify(printed, null, 2)}\n`;
}
