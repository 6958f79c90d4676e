import type { Spec } from 'vega';
import { bestEval } from '../../src/state/run-events.ts';
import type { EvalRecord } from '../../src/train/types.ts';
import { describeRun } from '../../src/ui/charts/describe.ts';
import { AP_LINES } from '../../src/ui/charts/run-chart-lines.ts';
import { fixed, whole } from '../../src/ui/numbers.ts';
import { COLOURS, drawFigure, FIGURE_WIDTH, type Figure, paperColour } from './figure.ts';
import { gridAxis, STEP_AXIS, stepScale } from './plot-axes.ts';

/** The y axis and the white around. */
const MARGIN = 100;
const LEAST_TOP = 0.1;

/** VOC's AP50 and COCO's AP over the steps, with the best AP50 marked. `evals` are in order and not empty. */
export function averagePrecision(evals: readonly EvalRecord[]): Promise<Figure> {
  const [ap50Line, apLine] = AP_LINES;
  const points = evals.flatMap(({ step, eval: { voc, coco } }) => [
    { step, value: voc.map50, label: ap50Line?.label ?? '' },
    { step, value: coco.AP, label: apLine?.label ?? '' },
  ]);
  const measured = points.filter(({ value }) => value !== null);
  const top = Math.max(LEAST_TOP, ...measured.map(({ value }) => value ?? 0));
  const best = bestEval(evals);
  const spec: Spec = {
    width: FIGURE_WIDTH - MARGIN,
    height: 320,
    data: [
      { name: 'points', values: measured },
      { name: 'best', values: best === null ? [] : [{ step: best.step, value: best.map50 }] },
    ],
    scales: [
      stepScale(evals.at(-1)?.step),
      { name: 'y', type: 'linear', domain: [0, top], nice: 5, range: 'height' },
      {
        name: 'colour',
        type: 'ordinal',
        domain: AP_LINES.map(({ label }) => label),
        range: AP_LINES.map(({ colour }) => paperColour(colour)),
      },
    ],
    axes: [STEP_AXIS, gridAxis('average precision', { tickCount: 5, format: '.2~f' })],
    legends: [{ stroke: 'colour', orient: 'top', direction: 'horizontal', symbolType: 'stroke' }],
    marks: [
      {
        type: 'rule',
        from: { data: 'best' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'step' },
            y: { scale: 'y', field: 'value' },
            y2: { signal: 'height' },
            stroke: { value: COLOURS['--d-accent'] },
            strokeDash: { value: [3, 4] },
            strokeOpacity: { value: 0.7 },
          },
        },
      },
      {
        type: 'group',
        from: { facet: { name: 'line', data: 'points', groupby: 'label' } },
        marks: [
          {
            type: 'line',
            from: { data: 'line' },
            encode: {
              enter: {
                x: { scale: 'x', field: 'step' },
                y: { scale: 'y', field: 'value' },
                stroke: { scale: 'colour', field: 'label' },
                strokeWidth: { value: 2 },
              },
            },
          },
          {
            type: 'symbol',
            from: { data: 'line' },
            encode: {
              enter: {
                x: { scale: 'x', field: 'step' },
                y: { scale: 'y', field: 'value' },
                fill: { scale: 'colour', field: 'label' },
                size: { value: 36 },
              },
            },
          },
        ],
      },
    ],
  };
  return drawFigure({
    name: 'average-precision',
    title: 'AP50 and AP',
    sentence: describeRun([], evals, 0).ap50,
    note: `${best === null ? '' : `best AP50 ${fixed(best.map50, 3)} at step ${whole(best.step)}; `}AP50 as VOC defines it, AP as COCO does`,
    spec,
  });
}
