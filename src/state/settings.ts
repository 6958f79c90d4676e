import { dropStep } from '../base/recipes.ts';
import type { TrainSettings } from '../rpc/protocol.ts';
import { numberFrom } from './number-text.ts';
import { type NumberField, proposedCheckpointEvery, type SettingsField, type SettingsForm } from './settings-form.ts';

export type CheckedSettings =
  | { readonly ok: true; readonly settings: TrainSettings }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<SettingsField, string>>> };

interface Rule {
  readonly field: NumberField;
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
  /** What is expected, as the rest of "Give ...". */
  readonly expected: string;
  /** True where the field may be left empty. */
  readonly optional?: boolean;
}

const RULES: readonly Rule[] = [
  { field: 'steps', whole: true, min: 1, max: 1_000_000, expected: 'a whole number of steps from 1 to 1,000,000' },
  { field: 'size', whole: true, min: 32, max: 1333, expected: 'a whole number of pixels from 32 to 1,333' },
  { field: 'batch', whole: true, min: 1, max: 64, expected: 'a whole number of pictures from 1 to 64' },
  { field: 'evalEvery', whole: true, min: 0, max: 1_000_000, expected: 'a whole number of steps, or 0 for never' },
  { field: 'lr', whole: false, min: 1e-9, max: 1, expected: 'a rate above 0 and up to 1, such as 2e-4' },
  { field: 'lrBackbone', whole: false, min: 0, max: 1, expected: 'a rate from 0 to 1, such as 2e-5' },
  { field: 'warmupSteps', whole: true, min: 0, max: 1_000_000, expected: 'a whole number of steps, or 0 for none' },
  { field: 'headSteps', whole: true, min: 0, max: 1_000_000, expected: 'a whole number of steps, or 0 for none' },
  {
    field: 'lrDrop',
    whole: true,
    min: 1,
    max: 1_000_000,
    expected: 'a step from 1 to 1,000,000, or nothing for two thirds of the run',
    optional: true,
  },
  { field: 'weightDecay', whole: false, min: 0, max: 1, expected: 'a number from 0 to 1, such as 1e-4' },
  { field: 'clip', whole: false, min: 0, max: 1e6, expected: 'a norm above 0, or 0 to leave gradients as they are' },
  { field: 'dropout', whole: false, min: 0, max: 0.9, expected: 'a share from 0 to 0.9' },
  { field: 'accumulate', whole: true, min: 1, max: 64, expected: 'a whole number of batches from 1 to 64' },
  {
    field: 'evalImages',
    whole: true,
    min: 1,
    max: 1_000_000,
    expected: 'a whole number of pictures from 1 up, or nothing for all',
    optional: true,
  },
  {
    field: 'checkpointEvery',
    whole: true,
    min: 1,
    max: 1_000_000,
    expected: 'a whole number of steps from 1 up, or nothing for the proposal',
    optional: true,
  },
  {
    field: 'overfitPictures',
    whole: true,
    min: 1,
    max: 1000,
    expected: 'a whole number of pictures from 1 to 1,000, or nothing for the whole set',
    optional: true,
  },
  {
    field: 'maxSeconds',
    whole: false,
    min: 1,
    max: 10_000_000,
    expected: 'a number of seconds from 1 up, or nothing for no limit',
    optional: true,
  },
  { field: 'views', whole: true, min: 1, max: 8, expected: 'a whole number of views from 1 to 8' },
  { field: 'seed', whole: true, min: 0, max: 2_147_483_647, expected: 'a whole number from 0 to 2,147,483,647' },
];

/** Checks what was typed; returns the settings of a run, or a plain sentence for each field that is wrong. */
export function checkSettings(form: SettingsForm): CheckedSettings {
  const problems: Partial<Record<SettingsField, string>> = {};
  const numbers: Partial<Record<NumberField, number>> = {};
  for (const { field, whole, min, max, expected, optional } of RULES) {
    const text = form[field].trim();
    if (field === 'lrDrop' && form.schedule !== 'step') continue;
    if (text === '' && optional === true) continue;
    const value = numberFrom(text);
    if (value === null || value < min || value > max || (whole && !Number.isInteger(value))) {
      problems[field] = text === '' ? `Give ${expected}.` : `"${text}" does not fit here: give ${expected}.`;
    } else numbers[field] = value;
  }
  const { steps, size, batch, evalEvery, lr, lrBackbone, weightDecay, clip, dropout, accumulate, seed } = numbers;
  const { warmupSteps, headSteps, views } = numbers;
  if (steps !== undefined && warmupSteps !== undefined && warmupSteps > 0 && warmupSteps >= steps) {
    problems.warmupSteps = `"${form.warmupSteps.trim()}" does not fit here: give a whole number of steps below the run's ${steps}.`;
  }
  if (
    Object.keys(problems).length > 0 ||
    steps === undefined ||
    size === undefined ||
    batch === undefined ||
    evalEvery === undefined ||
    lr === undefined ||
    lrBackbone === undefined ||
    weightDecay === undefined ||
    clip === undefined ||
    dropout === undefined ||
    accumulate === undefined ||
    seed === undefined ||
    warmupSteps === undefined ||
    headSteps === undefined ||
    views === undefined
  ) {
    return { ok: false, problems };
  }
  return {
    ok: true,
    settings: {
      recipe: form.recipe === 'none' ? null : form.recipe,
      steps,
      batch,
      size,
      lr,
      lrBackbone,
      weightDecay,
      clip,
      dropout,
      schedule: form.schedule,
      warmupSteps,
      lrDrop: form.schedule === 'step' ? (numbers.lrDrop ?? dropStep(steps)) : null,
      headSteps,
      freezeBackbone: form.freezeBackbone,
      augment: form.augment,
      freezeEncoder: form.freezeBackbone && form.freezeEncoder,
      views,
      accumulate,
      recompute: form.recompute,
      seed,
      evalEvery,
      evalImages: numbers.evalImages ?? null,
      checkpointEvery: numbers.checkpointEvery ?? proposedCheckpointEvery(evalEvery),
      overfitPictures: numbers.overfitPictures ?? null,
      maxSeconds: numbers.maxSeconds ?? null,
    },
  };
}
