import type { TrainEvent } from '../../src/train/types.ts';
import { figure } from '../cli/figure.ts';
import type { CommandContext } from '../cli/run-command.ts';

const UNITS = {
  loading: 'pictures',
  measuring: 'kernels',
  training: 'images',
  evaluating: 'images',
  saving: 'files',
} as const;

/** Shows a run's events on standard error: a progress line, and a line for each evaluation. */
export function showEvents(context: CommandContext): (event: TrainEvent) => void {
  let note = '';
  return (event) => {
    switch (event.type) {
      case 'started':
        if (event.firstStep > 0) context.say(`Going on after step ${event.firstStep}.`);
        return;
      case 'progress': {
        const { phase, done, total, perSecond, secondsLeft } = event;
        if (phase === 'saving') return;
        context.progress.update({
          label: phase,
          done,
          total,
          perSecond,
          unit: UNITS[phase],
          secondsLeft,
          ...(note && { note }),
        });
        return;
      }
      case 'step':
        note = `loss ${event.record.loss.toFixed(3)}`;
        return;
      case 'eval': {
        const { voc, coco } = event.record.eval;
        context.say(`Step ${event.record.step}: AP50 ${figure(voc.map50)}, COCO AP ${figure(coco.AP)}.`);
        return;
      }
      case 'notice':
        context.say(event.message);
        return;
      case 'checkpoint':
        return;
    }
  };
}
