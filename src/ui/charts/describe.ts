import type { EvalRecord, StepRecord } from '../../rpc/protocol.ts';
import { bestEval } from '../../state/run-events.ts';
import { fixed, scientific } from '../numbers.ts';

/** One sentence a chart, for those who do not see it; each says plainly when there is nothing yet. */
export interface ChartSentences {
  readonly loss: string;
  readonly ap50: string;
  readonly lr: string;
  readonly gradNorm: string;
}

/** What the four charts show now, in words. */
export function describeRun(steps: readonly StepRecord[], evals: readonly EvalRecord[], clip: number): ChartSentences {
  const first = steps[0];
  const last = steps.at(-1);
  return {
    loss:
      first === undefined || last === undefined
        ? 'No loss yet: the first step has not been taken.'
        : `After step ${last.step} the total loss is ${fixed(last.loss, 3)}, ${direction(first.loss, last.loss)} from ` +
          `${fixed(first.loss, 3)} at step ${first.step}. Class ${fixed(last.loss_ce, 3)}, box L1 ` +
          `${fixed(last.loss_bbox, 3)}, GIoU ${fixed(last.loss_giou, 3)}.`,
    ap50: describeAp50(evals),
    lr:
      last === undefined
        ? 'No learning rate yet.'
        : `The learning rate is ${scientific(last.lr)} at step ${last.step}.`,
    gradNorm:
      last === undefined
        ? 'No gradient yet.'
        : `The gradient norm is ${fixed(last.grad_norm, 2)} at step ${last.step}` +
          (clip > 0 ? `; larger ones than ${clip} are clipped to it.` : '; gradients are not clipped.'),
  };
}

function direction(from: number, to: number): string {
  if (to < from) return 'down';
  return to > from ? 'up' : 'unchanged';
}

function describeAp50(evals: readonly EvalRecord[]): string {
  const last = evals.at(-1);
  if (last === undefined) return 'No AP50 yet: nothing has been evaluated.';
  const best = bestEval(evals);
  const rest = best === null ? '' : ` The best is ${fixed(best.map50, 2)}, at step ${best.step}.`;
  return `AP50 is ${fixed(last.eval.voc.map50, 2)} at step ${last.step}, of 1 at most.${rest}`;
}
