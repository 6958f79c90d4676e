import type { RunSummary, TrainSettings } from '../../rpc/protocol.ts';
import { whole } from '../numbers.ts';

/** One thing that a run was told, in words. */
export interface SettingWord {
  readonly name: string;
  readonly value: string;
}

type Words = {
  readonly [Key in keyof TrainSettings]: readonly [name: string, word: (value: TrainSettings[Key]) => string];
};

const steps = (value: number): string => (value === 1 ? '1 step' : `${whole(value)} steps`);
const pictures = (value: number): string => (value === 1 ? '1 picture' : `${whole(value)} pictures`);
/** With every digit, so that no two rates look the same: `2e-4`, `2.04e-4`. */
const rate = (value: number): string => (value === 0 ? '0' : value.toExponential());
const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no');

const AUGMENT_WORDS = { none: 'none', flip: 'mirrored', detr: 'mirrored, scaled, cropped' } as const;

/** In the order in which a person thinks of them; a setting that is added has to be worded here. */
const WORDS: Words = {
  recipe: ['Recipe', (value) => value ?? 'none'],
  steps: ['Steps', whole],
  maxSeconds: ['Time limit', (value) => (value === null ? 'none' : `${whole(value)} s`)],
  size: ['Image size', (value) => `${whole(value)} px`],
  batch: ['Batch', pictures],
  accumulate: ['Batches a step', whole],
  recompute: ['Computes inner values again', yesOrNo],
  lr: ['Learning rate', rate],
  lrBackbone: ['Backbone rate', rate],
  schedule: ['Schedule', (value) => value],
  warmupSteps: ['Warm-up', (value) => (value === 0 ? 'none' : steps(value))],
  lrDrop: ['Rates drop at', (value) => (value === null ? 'never' : `step ${whole(value)}`)],
  weightDecay: ['Weight decay', rate],
  clip: ['Gradient clip', (value) => (value === 0 ? 'off' : String(value))],
  dropout: ['Dropout', String],
  headSteps: ['Class head alone', (value) => (value === 0 ? 'never' : steps(value))],
  freezeBackbone: ['Backbone frozen', yesOrNo],
  freezeEncoder: ['Encoder frozen', yesOrNo],
  views: ['Views a picture, frozen', String],
  augment: ['Augmentation', (value) => AUGMENT_WORDS[value]],
  seed: ['Seed', String],
  overfitPictures: ['Overfits', (value) => (value === null ? 'no, all pictures' : pictures(value))],
  evalEvery: ['Evaluate every', (value) => (value === 0 ? 'never' : steps(value))],
  evalImages: ['Evaluate on', (value) => (value === null ? 'all of the split' : pictures(value))],
  checkpointEvery: ['Checkpoint every', (value) => (value === 0 ? 'never' : steps(value))],
};

function word<Key extends keyof TrainSettings>(settings: TrainSettings, key: Key): SettingWord {
  const [name, say] = WORDS[key];
  return { name, value: say(settings[key]) };
}

/** Each setting in words, always in the same order. */
export function settingsInWords(settings: TrainSettings): readonly SettingWord[] {
  const keys = Object.keys(WORDS) as (keyof TrainSettings)[];
  return keys.map((key) => word(settings, key));
}

/** Everything that a run was told, always in the same order: data, start, classes, and each setting. */
export function settingWords({ dataSet, from, classes, settings }: RunSummary): readonly SettingWord[] {
  return [
    { name: 'Data set', value: dataSet.name },
    { name: 'Data version', value: String(dataSet.version ?? 1) },
    { name: 'Data hash', value: dataSet.hash.slice(0, 12) },
    { name: 'Start from', value: from },
    { name: 'Classes', value: classes.join(', ') },
    ...settingsInWords(settings),
  ];
}

export interface Differences {
  /** For each name one value a run, in the order of the runs. */
  readonly differing: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** How many are the same in all of them. */
  readonly same: number;
}

/** What runs were told differently, and how much was the same. */
export function differencesOf(runs: readonly RunSummary[]): Differences {
  const told = runs.map(settingWords);
  const rows = (told[0] ?? []).map(({ name }, index) => ({
    name,
    values: told.map((words) => words[index]?.value ?? ''),
  }));
  const differing = rows.filter(({ values }) => new Set(values).size > 1);
  return { differing, same: rows.length - differing.length };
}
