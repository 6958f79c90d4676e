import { type ReactNode, useMemo } from 'react';
import { bestOf } from '../../state/run-events.ts';
import { describeRun } from '../charts/describe.ts';
import { LineChart } from '../charts/LineChart.tsx';
import { AP_LINES, LOSS_LINES, LR_LINES, NORM_LINES } from '../charts/run-chart-lines.ts';
import { SmoothingSlider } from '../charts/SmoothingSlider.tsx';
import { fixed, scientific, threeFigures, twoDigits } from '../numbers.ts';
import { usePreferences } from '../studio.ts';
import { useRunNow } from './use-run-now.ts';

const DRAW_EVERY_MS = 250;

/** The four charts of a run: loss with its terms, AP50 and AP, learning rate, gradient norm. */
export function RunCharts(): ReactNode {
  const { log, result } = useRunNow(DRAW_EVERY_MS);
  const smoothing = usePreferences((state) => state.smoothing);
  const { curves, evals, settings, firstRecord, lastRecord: last } = log;
  const lastStep = Math.max(1, log.totalSteps);

  const plotted = curves.plotted(smoothing);
  const lossValues = useMemo(
    () => [plotted.lossEach, plotted.loss, plotted.lossCe, plotted.lossBbox, plotted.lossGiou],
    [plotted],
  );
  const lrValues = useMemo(() => [plotted.lr], [plotted]);
  const normValues = useMemo(() => [plotted.gradNorm], [plotted]);
  const evalSteps = useMemo(() => evals.map(({ step }) => step), [evals]);
  const apValues = useMemo(
    () => [evals.map(({ eval: report }) => report.voc.map50), evals.map(({ eval: report }) => report.coco.AP)],
    [evals],
  );

  const best = bestOf(log, result);
  const clip = settings?.clip ?? 0;
  const ends = firstRecord === null || last === null ? [] : [firstRecord, last];
  const sentences = describeRun(ends, evals, clip);
  const spread = curves.stepsPerSpan === 1 ? '' : `, a point for ${curves.stepsPerSpan} steps`;
  const never = settings?.evalEvery === 0;
  return (
    <>
      <LineChart
        title="Loss"
        sentence={sentences.loss}
        latest={last === null ? 'waiting for the first step' : `${fixed(last.loss, 3)} at step ${last.step}${spread}`}
        lines={LOSS_LINES}
        steps={plotted.steps}
        values={lossValues}
        lastStep={lastStep}
        heightPx={240}
        top={null}
        format={twoDigits}
        tick={threeFigures}
      >
        <div className="smoothing">
          <SmoothingSlider />
        </div>
      </LineChart>
      <div className="three-charts">
        <LineChart
          title="AP50 and AP"
          sentence={sentences.ap50}
          latest={
            never ? 'none in this run' : best === null ? 'waiting' : `best ${fixed(best.map50, 2)} at step ${best.step}`
          }
          lines={AP_LINES}
          steps={evalSteps}
          values={apValues}
          lastStep={lastStep}
          heightPx={124}
          top={1}
          format={twoDigits}
          tick={threeFigures}
        />
        <LineChart
          title="Learning rate"
          sentence={sentences.lr}
          latest={last === null ? 'waiting' : scientific(last.lr)}
          lines={LR_LINES}
          steps={plotted.steps}
          values={lrValues}
          lastStep={lastStep}
          heightPx={124}
          top={null}
          format={scientific}
          tick={scientific}
        />
        <LineChart
          title="Gradient norm"
          sentence={sentences.gradNorm}
          latest={last === null ? 'waiting' : `${fixed(last.grad_norm, 2)}${clip > 0 ? `, clipped at ${clip}` : ''}`}
          lines={NORM_LINES}
          steps={plotted.steps}
          values={normValues}
          lastStep={lastStep}
          heightPx={124}
          top={null}
          format={twoDigits}
          tick={threeFigures}
        />
      </div>
    </>
  );
}
