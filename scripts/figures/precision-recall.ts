import type { Spec } from 'vega';
import { classColour } from '../../src/base/class-colours.ts';
import type { EvaluationReport, PrecisionRecallCurve } from '../../src/metrics/types.ts';
import { fixed, whole } from '../../src/ui/numbers.ts';
import { COLOURS, drawFigure, FIGURE_WIDTH, type Figure } from './figure.ts';

const MOST_COLUMNS = 4;
/** Between panels: the axis of the next one. */
const GAP = 46;
const HEIGHT = 190;
const ROW = HEIGHT + 84;
const LONGEST_NAME = 22;

/**
 * Precision against recall at an overlap of 0.5, a panel a class, with the curve of all classes together in grey behind it.
 * `curves` as `precisionRecallCurves` gives them: all together first, then each class by its label id.
 */
export function precisionRecall(
  [all, ...classes]: readonly PrecisionRecallCurve[],
  voc: EvaluationReport['voc'],
): Promise<Figure> {
  const columns = Math.min(MOST_COLUMNS, Math.max(1, classes.length));
  const width = Math.min(320, (FIGURE_WIDTH - columns * GAP) / columns);
  const panels = classes.map(({ className, scores }, labelId) => {
    const { ap50 = null, npos = 0 } = voc.per_class[className ?? ''] ?? {};
    return {
      labelId,
      x: (labelId % columns) * (width + GAP),
      y: Math.floor(labelId / columns) * ROW,
      colour: classColour(labelId),
      name: shortened(className ?? ''),
      words:
        npos === 0 ? 'no such objects here' : `AP50 ${fixed(ap50, 3)}, ${whole(npos)} ${npos === 1 ? 'box' : 'boxes'}`,
      empty: npos > 0 && scores.length === 0 ? 'nothing was found' : '',
    };
  });
  const spec: Spec = {
    width: columns * (width + GAP) - GAP,
    height: Math.ceil(classes.length / columns) * ROW - (ROW - HEIGHT),
    data: [
      { name: 'panels', values: panels },
      { name: 'all', values: all ? pointsOf(all) : [] },
      {
        name: 'points',
        values: classes.flatMap((curve, labelId) => pointsOf(curve).map((point) => ({ ...point, labelId }))),
      },
    ],
    scales: [
      { name: 'x', type: 'linear', domain: [0, 1], range: [0, width] },
      { name: 'y', type: 'linear', domain: [0, 1], range: [HEIGHT, 0] },
    ],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'panel', data: 'panels', groupby: ['labelId', 'x', 'y', 'colour'] } },
        encode: {
          enter: {
            x: { field: 'x' },
            y: { field: 'y' },
            width: { value: width },
            height: { value: HEIGHT },
          },
        },
        signals: [{ name: 'panelId', update: 'parent.labelId' }],
        data: [{ name: 'own', source: 'points', transform: [{ type: 'filter', expr: 'datum.labelId === panelId' }] }],
        axes: [
          { ...AXIS, scale: 'x', gridScale: 'y', orient: 'bottom' },
          { ...AXIS, scale: 'y', gridScale: 'x', orient: 'left' },
        ],
        marks: [
          heading('name', -22, { fontWeight: { value: 600 }, fill: { value: COLOURS['--d-text'] } }),
          heading('words', -7, {}),
          curve('all', { value: COLOURS['--d-scroll'] }, 1.5),
          curve('own', { signal: 'parent.colour' }, 2.5),
          {
            type: 'text',
            from: { data: 'panel' },
            encode: {
              enter: {
                x: { value: width / 2 },
                y: { value: HEIGHT / 2 },
                align: { value: 'center' },
                text: { field: 'empty' },
              },
            },
          },
        ],
      },
    ],
  };
  const words = panels.map(({ name, words }) => `${name}: ${words}`).join('; ');
  return drawFigure({
    name: 'precision-recall',
    title: 'Precision and recall',
    sentence: `Precision against recall for each class, at an overlap of 0.5. ${words}.`,
    note: `upwards precision, to the right recall, at an overlap of 0.5; grey is all classes together; mean AP50 ${fixed(voc.map50, 3)}`,
    spec,
  });
}

const AXIS = {
  grid: true,
  domain: false,
  ticks: false,
  values: [0, 0.25, 0.5, 0.75, 1],
  format: '.2~f',
  labelPadding: 6,
};

type Mark = NonNullable<Spec['marks']>[number];

function heading(field: string, y: number, more: object): Mark {
  return {
    type: 'text',
    from: { data: 'panel' },
    encode: { enter: { x: { value: 0 }, y: { value: y }, text: { field }, ...more } },
  };
}

function curve(data: string, stroke: { value: string } | { signal: string }, strokeWidth: number): Mark {
  return {
    type: 'line',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'recall' },
        y: { scale: 'y', field: 'precision' },
        stroke,
        strokeWidth: { value: strokeWidth },
        strokeJoin: { value: 'round' },
      },
    },
  };
}

/** From the first box on the curve begins at recall 0 with its precision. */
function pointsOf({ recalls, precisions }: PrecisionRecallCurve) {
  const points = recalls.map((recall, at) => ({ recall, precision: precisions[at] ?? 0 }));
  const first = points[0];
  return first === undefined ? [] : [{ recall: 0, precision: first.precision }, ...points];
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}
