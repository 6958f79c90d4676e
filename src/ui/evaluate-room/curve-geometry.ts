import type { PrecisionRecallCurve } from '../../metrics/types.ts';

/** The square in which recall goes to the right and precision up, in CSS pixels. */
export interface PlotFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The place of a recall and a precision. */
export function placeOf(frame: PlotFrame, recall: number, precision: number): { x: number; y: number } {
  return { x: frame.left + recall * frame.width, y: frame.top + (1 - precision) * frame.height };
}

/** The `d` of an SVG path along a curve, or an empty string. It begins at the precision of the first point. */
export function curvePath(frame: PlotFrame, { precisions, recalls }: PrecisionRecallCurve): string {
  const points = recalls.map((recall, at) => placeOf(frame, recall, precisions[at] ?? 0));
  const first = precisions[0];
  if (first === undefined) return '';
  const all = [placeOf(frame, 0, first), ...points];
  return `M${all.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The score at the point of a curve that is nearest to a place; null for an empty curve. */
export function nearestScore(frame: PlotFrame, curve: PrecisionRecallCurve, x: number, y: number): number | null {
  let nearest: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  curve.scores.forEach((score, at) => {
    const place = placeOf(frame, curve.recalls[at] ?? 0, curve.precisions[at] ?? 0);
    const distance = (place.x - x) ** 2 + (place.y - y) ** 2;
    if (distance < least) {
      least = distance;
      nearest = score;
    }
  });
  return nearest;
}

/** A confidence as it is set by hand: a whole hundredth, from `least` to 1. */
export function toHundredths(confidence: number, least: number): number {
  // 0.29 * 100 is a little less than 29.
  return Math.min(1, Math.max(least, Math.floor(confidence * 100 + 1e-9) / 100));
}

/** The confidence that a key leads to; null for a key that leads nowhere. */
export function confidenceByKey(key: string, confidence: number, least: number): number | null {
  const hundredths = Math.round(confidence * 100);
  const step = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[key];
  if (step !== undefined) return toHundredths((hundredths + step) / 100, least);
  if (key === 'Home') return least;
  return key === 'End' ? 1 : null;
}
