import type { TrainSettings } from './types.ts';

/** What the rates of a run are made of. */
export type RateSettings = Pick<TrainSettings, 'steps' | 'lr' | 'lrBackbone' | 'schedule' | 'warmupSteps' | 'lrDrop'>;

/** How far both rates drop (torch.optim.lr_scheduler.StepLR's default). */
const DROP = 0.1;

/**
 * Both rates at a step (from 1). They depend on the step and the settings alone, so that a run that is taken up again has
 * those of one that was not.
 */
export function learningRates(
  step: number,
  settings: RateSettings,
): { readonly lr: number; readonly lrBackbone: number } {
  const factor = rateFactor(step, settings);
  return { lr: settings.lr * factor, lrBackbone: settings.lrBackbone * factor };
}

/**
 * What the rates are multiplied by at a step, from 0 to 1.
 *
 * Over W steps of warm-up k/(W+1), full at step W+1: torch's LinearLR from 1/(W+1). `step` drops to a tenth after step `lrDrop`:
 * StepLR with one drop. `cosine` goes from 1 right after the warm-up down to 0, which the step after the last would have:
 * CosineAnnealingLR with T_max = steps - W (Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5).
 */
function rateFactor(
  step: number,
  { steps, schedule, warmupSteps, lrDrop }: Pick<RateSettings, 'steps' | 'schedule' | 'warmupSteps' | 'lrDrop'>,
): number {
  const warm = Math.min(1, step / (warmupSteps + 1));
  if (schedule === 'step') return lrDrop !== null && step > lrDrop ? warm * DROP : warm;
  if (schedule === 'constant' || step <= warmupSteps) return warm;
  const progress = Math.min(1, (step - 1 - warmupSteps) / (steps - warmupSteps));
  return (1 + Math.cos(Math.PI * progress)) / 2;
}
