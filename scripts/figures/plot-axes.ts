import type { Axis, LinearScale } from 'vega';

/** The y axis of a plot: lines across it, without a line of its own. */
export function gridAxis(title: string, numbers: Pick<Axis, 'tickCount' | 'tickMinStep' | 'values' | 'format'>): Axis {
  return { scale: 'y', orient: 'left', title, grid: true, domain: false, ticks: false, labelPadding: 6, ...numbers };
}

/** The x axis of what is drawn over a run's steps, and its scale up to the last one. */
export const STEP_AXIS: Axis = { scale: 'x', orient: 'bottom', title: 'step', format: ',d', tickMinStep: 1 };

export function stepScale(last: number | undefined): LinearScale {
  return { name: 'x', type: 'linear', domain: [0, Math.max(1, last ?? 1)], range: 'width' };
}
