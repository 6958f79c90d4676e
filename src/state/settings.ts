import type { TrainSettings } from '../rpc/protocol.ts';

/** The form's fields as they were typed; numbers stay text until they are checked. */
export interface SettingsForm {
  readonly steps: string;
  readonly size: string;
  readonly batch: string;
  readonly evalEvery: string;
  readonly lr: string;
  readonly lrBackbone: string;
  readonly weightDecay: string;
  readonly clip: string;
  readonly dropout: string;
  readonly evalImages: string;
  readonly seed: string;
  readonly freezeBackbone: boolean;
}

export type SettingsField = keyof SettingsForm;

/** The recipe for the bundled checkpoint on the bundled set. */
export const DEFAULT_FORM: SettingsForm = {
  steps: '400',
  size: '160',
  batch: '8',
  evalEvery: '50',
  lr: '2e-4',
  lrBackbone: '2e-5',
  weightDecay: '1e-4',
  clip: '0.1',
  dropout: '0',
  evalImages: '80',
  seed: '0',
  freezeBackbone: false,
};

/** What a processor in place of a graphics card does in a few minutes. */
export const SOFTWARE_FORM: SettingsForm = {
  ...DEFAULT_FORM,
  steps: '20',
  batch: '1',
  evalEvery: '10',
  evalImages: '8',
};

/** A checkpoint follows each evaluation, and comes after so many steps at the latest. */
const MOST_STEPS_UNSAVED = 50;

export type CheckedSettings =
  | { readonly ok: true; readonly settings: TrainSettings }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<SettingsField, string>>> };

interface Rule {
  readonly field: Exclude<SettingsField, 'freezeBackbone'>;
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
  /** What is expected, as the rest of "Give ...". */
  readonly expected: string;
}

const RULES: readonly Rule[] = [
  { field: 'steps', whole: true, min: 1, max: 1_000_000, expected: 'a whole number of steps from 1 to 1,000,000' },
  { field: 'size', whole: true, min: 32, max: 1333, expected: 'a whole number of pixels from 32 to 1,333' },
  { field: 'batch', whole: true, min: 1, max: 64, expected: 'a whole number of pictures from 1 to 64' },
  { field: 'evalEvery', whole: true, min: 0, max: 1_000_000, expected: 'a whole number of steps, or 0 for never' },
  { field: 'lr', whole: false, min: 1e-9, max: 1, expected: 'a rate above 0 and up to 1, such as 2e-4' },
  { field: 'lrBackbone', whole: false, min: 0, max: 1, expected: 'a rate from 0 to 1, such as 2e-5' },
  { field: 'weightDecay', whole: false, min: 0, max: 1, expected: 'a number from 0 to 1, such as 1e-4' },
  { field: 'clip', whole: false, min: 0, max: 1e6, expected: 'a norm above 0, or 0 to leave gradients as they are' },
  { field: 'dropout', whole: false, min: 0, max: 0.9, expected: 'a share from 0 to 0.9' },
  { field: 'evalImages', whole: true, min: 1, max: 80, expected: 'a whole number of pictures from 1 to 80' },
  { field: 'seed', whole: true, min: 0, max: 2_147_483_647, expected: 'a whole number from 0 to 2,147,483,647' },
];

/** Checks what was typed; returns the settings of a run, or a plain sentence for each field that is wrong. */
export function checkSettings(form: SettingsForm): CheckedSettings {
  const problems: Partial<Record<SettingsField, string>> = {};
  const numbers: Partial<Record<SettingsField, number>> = {};
  for (const { field, whole, min, max, expected } of RULES) {
    const text = form[field].trim();
    const value = numberFrom(text);
    if (value === null || value < min || value > max || (whole && !Number.isInteger(value))) {
      problems[field] = text === '' ? `Give ${expected}.` : `"${text}" does not fit here: give ${expected}.`;
    } else numbers[field] = value;
  }
  const { steps, size, batch, evalEvery, lr, lrBackbone, weightDecay, clip, dropout, evalImages, seed } = numbers;
  if (
    steps === undefined ||
    size === undefined ||
    batch === undefined ||
    evalEvery === undefined ||
    lr === undefined ||
    lrBackbone === undefined ||
    weightDecay === undefined ||
    clip === undefined ||
    dropout === undefined ||
    evalImages === undefined ||
    seed === undefined
  ) {
    return { ok: false, problems };
  }
  return {
    ok: true,
    settings: {
      steps,
      overfitPictures: null,
      maxSeconds: null,
      batch,
      size,
      lr,
      lrBackbone,
      weightDecay,
      clip,
      dropout,
      lrDrop: null,
      freezeBackbone: form.freezeBackbone,
      accumulate: 1,
      seed,
      evalEvery,
      evalImages: evalImages === 80 ? null : evalImages,
      checkpointEvery: Math.min(MOST_STEPS_UNSAVED, evalEvery || MOST_STEPS_UNSAVED),
    },
  };
}

/** Reads "400", "1,000", "0.1" or "2e-4"; null for anything else. */
function numberFrom(text: string): number | null {
  const plain = /^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}
