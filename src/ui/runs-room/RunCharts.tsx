import { type ReactNode, useMemo } from 'react';
import { CLASS_COLOURS } from '../../base/class-colours.ts';
import type { RunHistory } from '../../rpc/protocol.ts';
import { RunCurves } from '../../state/run-curves.ts';
import type { ChartLine, XName } from '../charts/chart-line.ts';
import { describeRun } from '../charts/describe.ts';
import { LineChart } from '../charts/LineChart.tsx';
import { fixed, scientific } from '../numbers.ts';
import { usePreferences } from '../studio.ts';
import { perStep, twoDigits } from './compared-curves.ts';

const LOSS_LINES: readonly ChartLine[] = [
  { label: 'total, each step', colour: '--d-text', faint: true },
  { label: 'total', colour: '--d-text' },
  { label: 'class', colour: CLASS_COLOURS[0] },
  { label: 'box L1', colour: CLASS_COLOURS[1] },
  { label: 'GIoU', colour: CLASS_COLOURS[2] },
];
const AP_LINES: readonly ChartLine[] = [
  { label: 'AP50', colour: '--d-accent', points: true },
  { label: 'AP', colour: CLASS_COLOURS[4], points: true, dash: [6, 4] },
];
const LR_LINES: readonly ChartLine[] = [{ label: 'Learning rate', colour: CLASS_COLOURS[3] }];
const NORM_LINES: readonly ChartLine[] = [{ label: 'Gradient norm', colour: CLASS_COLOURS[4] }];

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
        tick={plain}
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
        tick={plain}
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
          tick={plain}
        />
      </div>
    </div>
  );
}

function plain(value: number): string {
  return String(Number(value.toPrecision(3)));
}
