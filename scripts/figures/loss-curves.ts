import type { Spec } from 'vega';
import { RunCurves } from '../../src/state/run-curves.ts';
import type { StepRecord } from '../../src/train/types.ts';
import { describeRun } from '../../src/ui/charts/describe.ts';
import { LOSS_LINES } from '../../src/ui/charts/run-chart-lines.ts';
import { logTicks } from '../../src/ui/charts/scales.ts';
import { threeFigures, whole } from '../../src/ui/numbers.ts';
import { drawFigure, FIGURE_WIDTH, type Figure, paperColour } from './figure.ts';
import { gridAxis, STEP_AXIS, stepScale } from './plot-axes.ts';

/** The weight of the past in the smoothed lines: the page's own to begin with. */
const SMOOTHING = 0.8;
/** Between the outermost points and the plot's edges. */
const HEADROOM = 1.15;
/** The y axis and the white around. */
const MARGIN = 100;

/** The total loss and its terms over the steps, smoothed as on the page, on a logarithmic axis. `steps` are in order and not empty. */
export function lossCurves(steps: readonly StepRecord[]): Promise<Figure> {
  const curves = new RunCurves();
  // A number that is none was written as null: nothing to draw, and it would spoil the averages after it.
  const finite = steps.filter(({ loss, loss_ce, loss_bbox, loss_giou }) =>
    [loss, loss_ce, loss_bbox, loss_giou].every(Number.isFinite),
  );
  for (const record of finite) curves.append(record);
  const plotted = curves.plotted(SMOOTHING);
  const values = [plotted.lossEach, plotted.loss, plotted.lossCe, plotted.lossBbox, plotted.lossGiou];
  // A logarithmic axis has no place for what is not positive.
  const points = LOSS_LINES.flatMap(({ label, faint }, line) =>
    plotted.steps.flatMap((step, at) => {
      const value = values[line]?.[at] ?? null;
      return value !== null && value > 0 ? [{ step, value, label, faint: faint === true }] : [];
    }),
  );
  const rising = points.map(({ value }) => value).sort((a, b) => a - b);
  const range = { from: (rising[0] ?? 1) / HEADROOM, to: (rising.at(-1) ?? 1) * HEADROOM };
  const named = LOSS_LINES.filter(({ faint }) => faint !== true);
  const spec: Spec = {
    width: FIGURE_WIDTH - MARGIN,
    height: 380,
    data: [{ name: 'points', values: points }],
    scales: [
      stepScale(steps.at(-1)?.step),
      { name: 'y', type: 'log', domain: [range.from, range.to], range: 'height' },
      {
        name: 'colour',
        type: 'ordinal',
        domain: LOSS_LINES.map(({ label }) => label),
        range: LOSS_LINES.map(({ colour }) => paperColour(colour)),
      },
    ],
    axes: [STEP_AXIS, gridAxis('loss', { values: logTicks(range), format: '~g' })],
    legends: [
      {
        stroke: 'colour',
        orient: 'top',
        direction: 'horizontal',
        symbolType: 'stroke',
        values: named.map(({ label }) => label),
      },
    ],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'line', data: 'points', groupby: ['label', 'faint'] } },
        marks: [
          {
            type: 'line',
            from: { data: 'line' },
            encode: {
              enter: {
                x: { scale: 'x', field: 'step' },
                y: { scale: 'y', field: 'value' },
                stroke: { scale: 'colour', field: 'label' },
                strokeWidth: { signal: 'datum.faint ? 1 : 2' },
                strokeOpacity: { signal: 'datum.faint ? 0.28 : 1' },
                strokeJoin: { value: 'round' },
              },
            },
          },
        ],
      },
    ],
  };
  const last = finite.at(-1);
  const pale =
    curves.stepsPerSpan === 1 ? 'pale is each step' : `pale are the extremes of every ${curves.stepsPerSpan} steps`;
  return drawFigure({
    name: 'loss',
    title: 'Loss',
    sentence: describeRun(
      finite.filter((_, at) => at === 0 || at === finite.length - 1),
      [],
      0,
    ).loss,
    ...(last && {
      note: `total ${threeFigures(last.loss)} at step ${whole(last.step)}, of all decoder layers; its terms are the last layer's; ${pale}`,
    }),
    spec,
  });
}
