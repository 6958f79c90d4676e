import type { Augment } from '../base/augment.ts';
import { type RecipeName, recipeSettings, type Schedule } from '../base/recipes.ts';
import type { DataSetSummary, TrainSettings } from '../rpc/protocol.ts';
import { numberFrom, rateText } from './number-text.ts';

/** The form's fields as they were typed; numbers stay text until they are checked. */
export interface SettingsForm {
  /** `none` for settings that stand for themselves, as those of a run that the shell made. */
  readonly recipe: RecipeName | 'none';
  readonly steps: string;
  readonly size: string;
  readonly batch: string;
  readonly evalEvery: string;
  readonly lr: string;
  readonly lrBackbone: string;
  readonly schedule: Schedule;
  readonly warmupSteps: string;
  /** Empty for two thirds of the run; read where the schedule has a drop. */
  readonly lrDrop: string;
  readonly headSteps: string;
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
  /** Counts only where the backbone is trained. */
  readonly augment: Augment;
  /** Counts only where the backbone is frozen. */
  readonly freezeEncoder: boolean;
  readonly views: string;
  readonly recompute: boolean;
}

export type SettingsField = keyof SettingsForm;
export type NumberField = Exclude<
  SettingsField,
  'freezeBackbone' | 'freezeEncoder' | 'recompute' | 'recipe' | 'schedule' | 'augment'
>;

/** What a recipe says. All other fields stay as they are when another one is chosen. */
const RECIPE_FIELDS = [
  'steps',
  'batch',
  'evalEvery',
  'lr',
  'lrBackbone',
  'schedule',
  'warmupSteps',
  'lrDrop',
  'headSteps',
  'weightDecay',
  'clip',
  'dropout',
  'freezeBackbone',
  'augment',
  'freezeEncoder',
  'views',
] as const satisfies readonly SettingsField[];

export type SplitCounts = Pick<DataSetSummary, 'splits'>;

/** What settings are proposed for. */
export interface ProposalCase {
  /** Whether the adapter is a processor in place of a graphics card. */
  readonly software: boolean;
  /** Null while it is not known. */
  readonly set: SplitCounts | null;
  /** Whether the run starts from the weights that come with the studio. */
  readonly bundled: boolean;
}

export const DEFAULT_RECIPE: RecipeName = 'standard';

/** What a processor does in a few minutes. */
const SOFTWARE = { steps: 20, batch: 1, evalEvery: 10, evalImages: 8 } as const;

/** More pictures in an evaluation make its figures hardly finer, and the wait long. */
const MANY_EVAL_PICTURES = 200;

/** A checkpoint follows each evaluation, and comes after so many steps at the latest. */
const MOST_STEPS_UNSAVED = 50;

/** How many pictures each evaluation may look at; the train split where there is no other. */
export function evalPictures({ splits }: SplitCounts): number {
  return splits.val ?? splits.train ?? 0;
}

/**
 * Settings of a recipe that fit the adapter, the weights and the set. `typed` is what a person has put in their place: parts
 * of a run's length follow the length that was typed.
 */
export function proposedForm(
  { software, set, bundled }: ProposalCase,
  typed: Readonly<Partial<SettingsForm>> = {},
): SettingsForm {
  const { recipe = DEFAULT_RECIPE } = typed;
  const name = recipe === 'none' ? DEFAULT_RECIPE : recipe;
  const pictures = set?.splits.train ?? 0;
  const fit = { bundled, pictures };
  const usual = software ? SOFTWARE.batch : recipeSettings(name, fit).batch;
  const batch = wholeFrom(typed.batch) ?? (set === null ? usual : Math.max(1, Math.min(usual, pictures)));
  const accumulate = wholeFrom(typed.accumulate) ?? 1;
  const steps = wholeFrom(typed.steps) ?? (software ? SOFTWARE.steps : undefined);
  const settings = recipeSettings(name, { ...fit, batch, accumulate, ...(steps !== undefined && { steps }) });
  const there = set === null ? 0 : evalPictures(set);
  const evalEvery = software ? SOFTWARE.evalEvery : settings.evalEvery;
  const most = software ? SOFTWARE.evalImages : MANY_EVAL_PICTURES;
  return {
    recipe,
    steps: String(settings.steps),
    size: '160',
    batch: String(batch),
    // Of few pictures none may be for measuring.
    evalEvery: set === null || (set.splits.val ?? 0) > 0 ? String(evalEvery) : '0',
    lr: rateText(settings.lr),
    lrBackbone: rateText(settings.lrBackbone),
    schedule: settings.schedule,
    warmupSteps: String(settings.warmupSteps),
    lrDrop: settings.lrDrop === null ? '' : String(settings.lrDrop),
    headSteps: String(settings.headSteps),
    weightDecay: rateText(settings.weightDecay),
    clip: String(settings.clip),
    dropout: String(settings.dropout),
    accumulate: '1',
    evalImages: there > most ? String(most) : '',
    checkpointEvery: '',
    overfitPictures: '',
    maxSeconds: '',
    seed: '0',
    freezeBackbone: settings.freezeBackbone,
    augment: settings.augment,
    freezeEncoder: settings.freezeEncoder,
    views: String(settings.views),
    recompute: false,
  };
}

/** What stays of what was typed when another recipe is chosen. */
export function withRecipe(typed: Readonly<Partial<SettingsForm>>, recipe: RecipeName): Partial<SettingsForm> {
  const left: Partial<Record<SettingsField, unknown>> = { ...typed, recipe };
  for (const field of RECIPE_FIELDS) delete left[field];
  return left as Partial<SettingsForm>;
}

/** Whether the form differs from what its recipe proposes. */
export function differsFromRecipe(form: SettingsForm, of: ProposalCase): boolean {
  const { recipe, accumulate } = form;
  if (recipe === 'none') return false;
  const proposed = proposedForm(of, { recipe, accumulate });
  return RECIPE_FIELDS.some((field) => form[field] !== proposed[field]);
}

/** The settings of "overfit 8 pictures": a set whose first pictures cannot be learnt by heart is broken. */
export function overfitForm(form: SettingsForm, software: boolean): SettingsForm {
  return {
    ...form,
    recipe: 'none',
    steps: software ? '40' : '200',
    batch: String(Math.max(1, Math.min(Number(form.batch) || 1, 8))),
    evalEvery: software ? '20' : '50',
    evalImages: '',
    accumulate: '1',
    schedule: 'constant',
    warmupSteps: '0',
    lrDrop: '',
    headSteps: '0',
    dropout: '0',
    overfitPictures: '8',
    checkpointEvery: '',
    maxSeconds: '',
  };
}

/** The form that gives these settings. */
export function formOf(settings: TrainSettings): SettingsForm {
  const text = (value: number | null): string => (value === null ? '' : String(value));
  return {
    recipe: settings.recipe ?? 'none',
    steps: text(settings.steps),
    size: text(settings.size),
    batch: text(settings.batch),
    evalEvery: text(settings.evalEvery),
    lr: rateText(settings.lr),
    lrBackbone: rateText(settings.lrBackbone),
    schedule: settings.schedule,
    warmupSteps: text(settings.warmupSteps),
    lrDrop: text(settings.lrDrop),
    headSteps: text(settings.headSteps),
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
    freezeEncoder: settings.freezeEncoder,
    views: text(settings.views),
    recompute: settings.recompute,
  };
}

/** How often a run is saved where nobody said so. */
export function proposedCheckpointEvery(evalEvery: number): number {
  return Math.min(MOST_STEPS_UNSAVED, evalEvery || MOST_STEPS_UNSAVED);
}

/** What was typed as a whole number above 0; undefined for anything else. */
function wholeFrom(text: string | undefined): number | undefined {
  const value = text === undefined ? null : numberFrom(text.trim());
  return value !== null && Number.isInteger(value) && value > 0 ? value : undefined;
}
