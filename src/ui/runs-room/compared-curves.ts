import type { RunHistory } from '../../rpc/protocol.ts';
import type { XName } from '../charts/chart-line.ts';
import { type Curve, overEachOther, type SharedAxis, thinned } from '../charts/over-each-other.ts';
import { smooth } from '../charts/smooth.ts';

/** A line is drawn over at most so many places: more could not be told apart on any screen. */
const MOST_POINTS = 800;

export interface ComparedCurves {
  /** Smoothed. */
  readonly loss: SharedAxis;
  readonly ap50: SharedAxis;
  readonly ap: SharedAxis;
  readonly lr: SharedAxis;
  /** The right end of the x axis, of all charts. */
  readonly last: number;
}

/** The curves of several runs over each other, one line a run in their order, by step or by epoch. */
export function comparedCurves(histories: readonly RunHistory[], xName: XName, smoothing: number): ComparedCurves {
  const ofSteps = (valuesOf: (history: RunHistory) => readonly number[]): SharedAxis =>
    overEachOther(
      histories.map((history) => {
        const at = history.steps.map(({ step }) => step * perStep(history, xName));
        return thinned({ at, values: valuesOf(history) }, MOST_POINTS);
      }),
    );
  const ofEvals = (figure: (report: RunHistory['evals'][number]['eval']) => number | null): SharedAxis =>
    overEachOther(
      histories.map(
        (history): Curve => ({
          at: history.evals.map(({ step }) => step * perStep(history, xName)),
          values: history.evals.map((record) => figure(record.eval)),
        }),
      ),
    );
  return {
    loss: ofSteps(({ steps }) =>
      smooth(
        steps.map(({ loss }) => loss),
        smoothing,
      ),
    ),
    ap50: ofEvals(({ voc }) => voc.map50),
    ap: ofEvals(({ coco }) => coco.AP),
    lr: ofSteps(({ steps }) => steps.map(({ lr }) => lr)),
    last: Math.max(
      xName === 'step' ? 1 : 0.01,
      ...histories.map((history) => history.summary.settings.steps * perStep(history, xName)),
    ),
  };
}

/** How far one step goes on the x axis: a run's batches are all as large, so that epochs go evenly. */
export function perStep({ steps }: RunHistory, xName: XName): number {
  const last = steps.at(-1);
  return xName === 'step' || last === undefined || last.step === 0 ? 1 : last.epoch / last.step;
}

/** What the lines of a chart come to, for those who do not see them. */
export function describeCompared(
  what: string,
  names: readonly string[],
  { values }: SharedAxis,
  format: (value: number) => string,
): string {
  const ends = names.map((name, index) => {
    const end = values[index]?.findLast((value) => value !== null);
    return `${name} ${end === null || end === undefined ? 'has none' : `ends at ${format(end)}`}`;
  });
  return `${what} of ${names.length === 1 ? 'one run' : `${names.length} runs`}: ${ends.join('; ')}.`;
}
