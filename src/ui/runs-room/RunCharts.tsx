import { type ReactNode, useMemo } from 'react';
import { CLASS_COLOURS } from '../../base/class-colours.ts';
import type { RunHistory } from '../../rpc/protocol.ts';
import { RunCurves } from '../../state/run-curves.ts';
import type { ChartLine, XName } from '../charts/chart-line.ts';
import { describeRun } from '../charts/describe.ts';
import { LineChart } from '../charts/LineChart.tsx';
import { LOSS_LINES, LR_LINES, NORM_LINES } from '../charts/run-chart-lines.ts';
import { fixed, scientific, threeFigures, twoDigits } from '../numbers.ts';
import { usePreferences } from '../studio.ts';
import { perStep } from './compared-curves.ts';

const AP_LINES: readonly ChartLine[] = [
  { label: 'AP50', colour: '--d-accent', points: true },
  { label: 'AP', colour: CLASS_COLOURS[4], points: true, dash: [6, 4] },
];
const LOSS_PX = 200;
const SMALL_PX = 120;

export interface RunChartsProps {
  readonly history: RunHistory;
  readonly xName: XName;
}

/** The curves of one kept run, as the Train room drew them. */
export function RunCharts({ history, xName }: RunChartsProps): ReactNode {
  const smoothing = usePreferences((state) => state.smoothing);
  const curves = useMemo(() => {
    const made = new RunCurves();
    for (const record of history.steps) made.append(record);
    return made;
  }, [history]);
  const plotted = useMemo(() => {
    const { steps, lossEach, loss, lossCe, lossBbox, lossGiou, lr, gradNorm } = curves.plotted(smoothing);
    const far = perStep(history, xName);
    return {
      at: steps.map((step) => step * far),
      losses: [lossEach, loss, lossCe, lossBbox, lossGiou],
      lr: [lr],
      gradNorm: [gradNorm],
      evalsAt: history.evals.map(({ step }) => step * far),
      ap: [history.evals.map((record) => record.eval.voc.map50), history.evals.map((record) => record.eval.coco.AP)],
      last: history.summary.settings.steps * far,
    };
  }, [curves, history, xName, smoothing]);
  const sentences = useMemo(() => describeRun(history.steps, history.evals, history.summary.settings.clip), [history]);
  const last = history.steps.at(-1);
  const best = history.summary.best;
  const shared = { xName, lastStep: plotted.last };
  return (
    <div className="run-charts">
      <LineChart
        {...shared}
        title="Loss"
        sentence={sentences.loss}
        latest={last === undefined ? '' : `${fixed(last.loss, 3)} at step ${last.step}`}
        lines={LOSS_LINES}
        steps={plotted.at}
        values={plotted.losses}
        heightPx={LOSS_PX}
        top={null}
        format={twoDigits}
        tick={threeFigures}
      />
      <LineChart
        {...shared}
        title="AP50 and AP"
        sentence={sentences.ap50}
        latest={best === null ? 'never evaluated' : `best ${fixed(best.map50, 2)} at step ${best.step}`}
        lines={AP_LINES}
        steps={plotted.evalsAt}
        values={plotted.ap}
        heightPx={SMALL_PX}
        top={1}
        format={twoDigits}
        tick={threeFigures}
      />
      <div className="run-charts-two">
        <LineChart
          {...shared}
          title="Learning rate"
          sentence={sentences.lr}
          latest={last === undefined ? '' : scientific(last.lr)}
          lines={LR_LINES}
          steps={plotted.at}
          values={plotted.lr}
          heightPx={SMALL_PX}
          top={null}
          format={scientific}
          tick={scientific}
        />
        <LineChart
          {...shared}
          title="Gradient norm"
          sentence={sentences.gradNorm}
          latest={last === undefined ? '' : fixed(last.grad_norm, 2)}
          lines={NORM_LINES}
          steps={plotted.at}
          values={plotted.gradNorm}
          heightPx={SMALL_PX}
          top={null}
          format={twoDigits}
          tick={threeFigures}
        />
      </div>
    </div>
  );
}
