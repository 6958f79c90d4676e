import type { TrainerState } from './trainer-state.ts';
import type { TrainSettings } from './types.ts';

/**
 * How far a run goes that is taken up again. A time limit that was turned into a number of steps stands in the state alone;
 * any other length in the settings.
 */
export function lengthToResume(
  { steps, maxSeconds }: Pick<TrainSettings, 'steps' | 'maxSeconds'>,
  state: Pick<TrainerState, 'steps'>,
): Pick<TrainSettings, 'steps' | 'maxSeconds'> {
  if (maxSeconds === null) return { steps, maxSeconds };
  return state.steps === steps ? { steps, maxSeconds } : { steps: state.steps, maxSeconds: null };
}
