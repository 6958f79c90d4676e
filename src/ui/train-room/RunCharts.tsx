import { Slider } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { CLASS_COLOURS } from '../../base/class-colours.ts';
import { bestEval } from '../../state/run-events.ts';
import { describeRun } from '../charts/describe.ts';
import { LineChart } from '../charts/LineChart.tsx';
import { smooth } from '../charts/smooth.ts';
import type { ChartLine } from '../charts/use-plot.ts';
import { fixed, scientific } from '../numbers.ts';
import { usePreferences, useRun } from '../studio.ts';

const LOSS_LINES: readonly ChartLine[] = [
  { label: 'total, each step', colour: '--d-text', faint: true },
  { label: 'total', colour: '--d-text' },
  { label: 'class', colour: CLASS_COLOURS[0] },
  { label: 'box L1', colour: CLASS_COLOURS[1] },
  { label: 'GIoU', colour: CLASS_COLOURS[2] },
];
const AP50_LINES: readonly ChartLine[] = [{ label: 'AP50', colour: '--d-accent', points: true }];
const LR_LINES: readonly ChartLine[] = [{ label: 'Learning rate', colour: CLASS_COLOURS[3] }];
const NORM_LINES: readonly ChartLine[] = [{ label: 'Gradient norm', colour: CLASS_COLOURS[4] }];

const plain = (value: number): string => String(Number(value.toPrecision(3)));
const twoDigits = (value: number): string => fixed(value, 2);

/** The four charts of a run: loss with its terms, AP50, learning rate, gradient norm. */
export function RunCharts(): ReactNode {
  const log = useRun((state) => state.log);
  const smoothing = usePreferences((state) => state.smoothing);
  const setSmoothing = usePreferences((state) => state.setSmoothing);
  const { steps: records, evals, settings } = log;
  const lastStep = settings?.steps ?? 1;

  const steps = useMemo(() => records.map(({ step }) => step), [records]);
  const lossValues = useMemo(() => {
    const total = records.map(({ loss }) => loss);
    return [
      total,
      smooth(total, smoothing),
      smooth(
        records.map(({ loss_ce }) => loss_ce),
        smoothing,
      ),
      smooth(
        records.map(({ loss_bbox }) => loss_bbox),
        smoothing,
      ),
      smooth(
        records.map(({ loss_giou }) => loss_giou),
        smoothing,
      ),
    ];
  }, [records, smoothing]);
  const lrValues = useMemo(() => [records.map(({ lr }) => lr)], [records]);
  const normValues = useMemo(() => [records.map(({ grad_norm }) => grad_norm)], [records]);
  const evalSteps = useMemo(() => evals.map(({ step }) => step), [evals]);
  const ap50Values = useMemo(() => [evals.map(({ eval: report }) => report.voc.map50)], [evals]);

  const last = records.at(-1);
  const best = bestEval(evals);
  const clip = settings?.clip ?? 0;
  const sentences = describeRun(records, evals, clip);
  const waiting = 'waiting for the first step';
  return (
    <>
      <LineChart
        title="Loss"
        sentence={sentences.loss}
        latest={last === undefined ? waiting : `${fixed(last.loss, 3)} at step ${last.step}`}
        lines={LOSS_LINES}
        steps={steps}
        values={lossValues}
        lastStep={lastStep}
        heightPx={240}
        top={null}
        format={twoDigits}
        tick={plain}
      >
        <div className="smoothing">
          <span className="small muted" aria-hidden="true">
            Smoothing
          </span>
          <Slider
            size="xs"
            w={90}
            min={0}
            max={0.99}
            step={0.01}
            label={null}
            value={smoothing}
            onChange={setSmoothing}
            thumbLabel="Smoothing of the loss"
          />
          <span className="small muted">{fixed(smoothing, 2)}</span>
        </div>
      </LineChart>
      <div className="three-charts">
        <LineChart
          title="AP50"
          sentence={sentences.ap50}
          latest={best === null ? 'waiting' : `best ${fixed(best.map50, 2)} at step ${best.step}`}
          lines={AP50_LINES}
          steps={evalSteps}
          values={ap50Values}
          lastStep={lastStep}
          heightPx={124}
          top={1}
          format={twoDigits}
          tick={plain}
        />
        <LineChart
          title="Learning rate"
          sentence={sentences.lr}
          latest={last === undefined ? 'waiting' : scientific(last.lr)}
          lines={LR_LINES}
          steps={steps}
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
          latest={
            last === undefined ? 'waiting' : `${fixed(last.grad_norm, 2)}${clip > 0 ? `, clipped at ${clip}` : ''}`
          }
          lines={NORM_LINES}
          steps={steps}
          values={normValues}
          lastStep={lastStep}
          heightPx={124}
          top={null}
          format={twoDigits}
          tick={plain}
        />
      </div>
    </>
  );
}
