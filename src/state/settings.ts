import type { Augment } from '../base/augment.ts';
import type { DataSetSummary, TrainSettings } from '../rpc/protocol.ts';

/** The form's fields as they were typed; numbers stay text until they are checked. */
export interface SettingsForm {
  readonly steps: string;
  readonly size: string;
  readonly batch: string;
  readonly evalEvery: string;
  readonly lr: string;
  readonly lrBackbone: string;
  /** Empty for never. */
  readonly lrDrop: string;
  readonly weightDecay: string;
  readonly clip: string;
  readonly dropout: string;
  readonly accumulate: string;
  /** Empty for all pictures of the split. */
  readonly evalImages: string;
  /** Empty for a proposal. */
  readonly checkpointEvery: string;
  /** Empty for the whole set. */
  readonly overfitPictures: string;
  /** Empty for no limit. */
  readonly maxSeconds: string;
  readonly seed: string;
  readonly freezeBackbone: boolean;
  readonly augment: Augment;
}

export type SettingsField = keyof SettingsForm;
export type NumberField = Exclude<SettingsField, 'freezeBackbone' | 'augment'>;

/** The recipe for the bundled checkpoint. */
export const DEFAULT_FORM: SettingsForm = {
  steps: '400',
  size: '160',
  batch: '8',
  evalEvery: '50',
  lr: '2e-4',
  lrBackbone: '2e-5',
  lrDrop: '',
  weightDecay: '1e-4',
  clip: '0.1',
  dropout: '0',
  accumulate: '1',
  evalImages: '',
  checkpointEvery: '',
  overfitPictures: '',
  maxSeconds: '',
  seed: '0',
  freezeBackbone: false,
  augment: 'flip',
};

/** What a processor in place of a graphics card does in a few minutes. */
export const SOFTWARE_FORM: SettingsForm = {
  ...DEFAULT_FORM,
  steps: '20',
  batch: '1',
  evalEvery: '10',
  evalImages: '8',
};

/** More pictures in an evaluation make its figures hardly finer, and the wait long. */
const MANY_EVAL_PICTURES = 200;

/** A checkpoint follows each evaluation, and comes after so many steps at the latest. */
const MOST_STEPS_UNSAVED = 50;

type SplitCounts = Pick<DataSetSummary, 'splits'>;

/** How many pictures each evaluation may look at; the train split where there is no other. */
export function evalPictures({ splits }: SplitCounts): number {
  return splits.val ?? splits.train ?? 0;
}

/** Settings that fit the adapter and the set. */
export function proposedForm(software: boolean, set: SplitCounts | null): SettingsForm {
  const form = software ? SOFTWARE_FORM : DEFAULT_FORM;
  if (set === null) return form;
  const train = set.splits.train ?? 0;
  const there = evalPictures(set);
  const most = software ? Number(SOFTWARE_FORM.evalImages) : MANY_EVAL_PICTURES;
  return {
    ...form,
    batch: String(Math.max(1, Math.min(Number(form.batch), train))),
    evalImages: there > most ? String(most) : '',
  };
}

/** The settings of "overfit 8 pictures": a set whose first pictures cannot be learnt by heart is broken. */
export function overfitForm(form: SettingsForm, software: boolean): SettingsForm {
  return {
    ...form,
    steps: software ? '40' : '200',
    batch: String(Math.max(1, Math.min(Number(form.batch) || 1, 8))),
    evalEvery: software ? '20' : '50',
    evalImages: '',
    accumulate: '1',
    lrDrop: '',
    dropout: '0',
    overfitPictures: '8',
    checkpointEvery: '',
    maxSeconds: '',
  };
}

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
  {
    field: 'lrDrop',
    whole: true,
    min: 1,
    max: 1_000_000,
    expected: 'a step from 1 to 1,000,000, or nothing for never',
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
  { field: 'seed', whole: true, min: 0, max: 2_147_483_647, expected: 'a whole number from 0 to 2,147,483,647' },
];

/** Checks what was typed; returns the settings of a run, or a plain sentence for each field that is wrong. */
export function checkSettings(form: SettingsForm): CheckedSettings {
  const problems: Partial<Record<SettingsField, string>> = {};
  const numbers: Partial<Record<NumberField, number>> = {};
  for (const { field, whole, min, max, expected, optional } of RULES) {
    const text = form[field].trim();
    if (text === '' && optional === true) continue;
    const value = numberFrom(text);
    if (value === null || value < min || value > max || (whole && !Number.isInteger(value))) {
      problems[field] = text === '' ? `Give ${expected}.` : `"${text}" does not fit here: give ${expected}.`;
    } else numbers[field] = value;
  }
  const { steps, size, batch, evalEvery, lr, lrBackbone, weightDecay, clip, dropout, accumulate, seed } = numbers;
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
    seed === undefined
  ) {
    return { ok: false, problems };
  }
  return {
    ok: true,
    settings: {
      steps,
      batch,
      size,
      lr,
      lrBackbone,
      weightDecay,
      clip,
      dropout,
      lrDrop: numbers.lrDrop ?? null,
      freezeBackbone: form.freezeBackbone,
      augment: form.augment,
      accumulate,
      seed,
      evalEvery,
      evalImages: numbers.evalImages ?? null,
      checkpointEvery: numbers.checkpointEvery ?? proposedCheckpointEvery(evalEvery),
      overfitPictures: numbers.overfitPictures ?? null,
      maxSeconds: numbers.maxSeconds ?? null,
    },
  };
}

/** The form that gives these settings. */
export function formOf(settings: TrainSettings): SettingsForm {
  const text = (value: number | null): string => (value === null ? '' : String(value));
  return {
    steps: text(settings.steps),
    size: text(settings.size),
    batch: text(settings.batch),
    evalEvery: text(settings.evalEvery),
    lr: rateText(settings.lr),
    lrBackbone: rateText(settings.lrBackbone),
    lrDrop: text(settings.lrDrop),
    weightDecay: rateText(settings.weightDecay),
    clip: text(settings.clip),
    dropout: text(settings.dropout),
    accumulate: text(settings.accumulate),
    evalImages: text(settings.evalImages),
    checkpointEvery:
      settings.checkpointEvery === proposedCheckpointEvery(settings.evalEvery) ? '' : text(settings.checkpointEvery),
    overfitPictures: text(settings.overfitPictures),
    maxSeconds: text(settings.maxSeconds),
    seed: text(settings.seed),
    freezeBackbone: settings.freezeBackbone,
    augment: settings.augment,
  };
}

function proposedCheckpointEvery(evalEvery: number): number {
  return Math.min(MOST_STEPS_UNSAVED, evalEvery || MOST_STEPS_UNSAVED);
}

/** `2e-4` for 0.0002, as such rates are written. */
function rateText(value: number): string {
  return value > 0 && value < 0.001 ? value.toExponential() : String(value);
}

/** Reads "400", "1,000", "0.1" or "2e-4"; null for anything else. */
function numberFrom(text: string): number | null {
  const plain = /^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}
