import type { TrainerState } from './trainer-state.ts';
import type { TrainSettings } from './types.ts';

/**
 * The settings of a run that a time limit has cut to so many steps: warm-up, head and drop are shortened with it, so that it
 * goes its whole course. Settings of that length are handed back as they are.
 */
export function shortenedTo(settings: TrainSettings, steps: number): TrainSettings {
  if (steps >= settings.steps) return settings;
  const part = (value: number): number => Math.round((value * steps) / settings.steps);
  const { warmupSteps, headSteps, lrDrop } = settings;
  return {
    ...settings,
    steps,
    warmupSteps: part(warmupSteps),
    headSteps: part(headSteps),
    lrDrop: lrDrop === null ? null : part(lrDrop),
  };
}

/**
 * The settings of a run that is taken up again. A time limit that was turned into a number of steps stands in the state
 * alone; any other length in the settings.
 */
export function settingsToResume(settings: TrainSettings, state: Pick<TrainerState, 'steps'>): TrainSettings {
  if (settings.maxSeconds === null || state.steps === settings.steps) return settings;
  return { ...shortenedTo(settings, state.steps), maxSeconds: null };
}
