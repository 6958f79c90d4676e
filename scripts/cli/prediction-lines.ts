import type { Prediction } from '../../src/predict/types.ts';

/** What was found in one picture as lines for a terminal: a heading, then a row a box, best first. */
export function predictionLines(image: string, { size, detections }: Prediction, threshold: number): readonly string[] {
  const title = `${image} (${size.w} x ${size.h} pixels)`;
  if (detections.length === 0) {
    return [`${title}: nothing with a score above ${threshold}. A lower --threshold shows weaker boxes.`];
  }
  const width = Math.max(5, ...detections.map(({ label }) => label.length));
  const row = (name: string, cells: readonly string[]) =>
    `  ${[name.padEnd(width), ...cells.map((cell) => cell.padStart(7))].join(' ')}`;
  return [
    `${title}: ${detections.length} ${detections.length === 1 ? 'box' : 'boxes'}`,
    row('class', ['score', 'xmin', 'ymin', 'xmax', 'ymax']),
    ...detections.map(({ label, score, boxXyxyPx }) =>
      row(label, [score.toFixed(3), ...boxXyxyPx.map((edge) => edge.toFixed(1))]),
    ),
  ];
}
