import type { Augment } from './augment.ts';

/** How the rates go over a run: they stay, drop to a tenth at one step, or fall along half a cosine. */
export const SCHEDULES = ['constant', 'step', 'cosine'] as const;
export type Schedule = (typeof SCHEDULES)[number];

export const RECIPE_NAMES = ['quick', 'standard', 'full'] as const;
/** A set of settings that go together. */
export type RecipeName = (typeof RECIPE_NAMES)[number];

/** What a recipe says; a run has these settings under the same names, and others. */
export interface RecipeSettings {
  readonly steps: number;
  readonly batch: number;
  readonly lr: number;
  readonly lrBackbone: number;
  readonly weightDecay: number;
  /** Largest global gradient norm; 0 leaves gradients as they are. */
  readonly clip: number;
  readonly dropout: number;
  readonly schedule: Schedule;
  /** Over so many steps both rates rise in a line from near zero. */
  readonly warmupSteps: number;
  /** The step after which the schedule `step` drops both rates to a tenth; null for every other. */
  readonly lrDrop: number | null;
  /** For so many steps the class head alone is trained. */
  readonly headSteps: number;
  /** The backbone and the input projection keep their values, and what they give is computed once for each view. */
  readonly freezeBackbone: boolean;
  /** The encoder as well; only with a frozen backbone. */
  readonly freezeEncoder: boolean;
  /** How many views each picture has where the backbone is frozen. */
  readonly views: number;
  /** How the pictures are varied where the backbone is trained. */
  readonly augment: Augment;
  /** Evaluate every so many steps, before the first and after the last; 0 for never. */
  readonly evalEvery: number;
}

/** What a recipe is fitted to. */
export interface RecipeCase {
  /** Whether the run starts from the weights that come with the studio, whose rates were tuned. */
  readonly bundled: boolean;
  /** Pictures of the train split. */
  readonly pictures: number;
  /** Where it is not the recipe's own: its parts are then so much shorter or longer. */
  readonly batch?: number;
  readonly accumulate?: number;
  readonly steps?: number;
}

/** One recipe, its parts as shares of its length. */
interface Recipe {
  /** `stepsOfFew` where there are few pictures. */
  readonly length: { readonly steps: number; readonly stepsOfFew?: number } | { readonly epochs: number };
  readonly batch: number;
  readonly lr: number;
  readonly dropout: number;
  readonly schedule: Schedule;
  readonly warmup: number;
  readonly head: number;
  /** Where the rates drop; null for a schedule without. */
  readonly drop: number | null;
  readonly freezeBackbone: boolean;
  readonly augment: Augment;
  readonly evaluations: number;
}

/** DETR drops its rates after two thirds of its epochs. */
const DETR_DROP = 2 / 3;

/** For the bundled checkpoint; the rates of `standard` are those of its reference curve (docs/learning.md). */
const BUNDLED: Readonly<Record<RecipeName, Recipe>> = {
  quick: {
    length: { steps: 360, stepsOfFew: 480 },
    batch: 8,
    lr: 5e-4,
    dropout: 0,
    schedule: 'cosine',
    warmup: 0.05,
    head: 0.05,
    drop: null,
    freezeBackbone: true,
    augment: 'flip',
    evaluations: 4,
  },
  standard: {
    length: { steps: 400 },
    batch: 8,
    lr: 2e-4,
    dropout: 0,
    schedule: 'step',
    warmup: 0,
    head: 0,
    drop: 0.8,
    freezeBackbone: false,
    augment: 'flip',
    evaluations: 8,
  },
  full: {
    length: { epochs: 300 },
    batch: 8,
    lr: 1e-4,
    dropout: 0.1,
    schedule: 'step',
    warmup: 0,
    head: 0,
    drop: DETR_DROP,
    freezeBackbone: false,
    augment: 'detr',
    evaluations: 30,
  },
};

/** For every other, DETR's own rates (Carion et al. 2020, section 4). */
const OTHER: Readonly<Record<RecipeName, Recipe>> = {
  quick: { ...BUNDLED.quick, batch: 4, lr: 1e-4 },
  standard: { ...BUNDLED.standard, batch: 4, lr: 1e-4, dropout: 0.1 },
  full: { ...BUNDLED.full, batch: 4 },
};

const WEIGHT_DECAY = 1e-4;
const CLIP = 0.1;
/** Of kept features, where nobody says otherwise. */
export const VIEWS = 4;
/** The picture and its mirror image: a short run sees the pictures as they are, and has few features to compute. */
const QUICK_VIEWS = 2;
/** Of a set with at most so many pictures the features are soon computed: `quick` has more views and steps in that time. */
const FEW_PICTURES = 160;
/** As far as a run may go. */
const MOST_STEPS = 1_000_000;

/** The settings of a recipe, from its own length or the one that was given. */
export function recipeSettings(
  name: RecipeName,
  { bundled, pictures, batch: givenBatch, accumulate = 1, steps: givenSteps }: RecipeCase,
): RecipeSettings {
  const recipe = (bundled ? BUNDLED : OTHER)[name];
  const { lr, dropout, schedule, freezeBackbone, augment, length } = recipe;
  const batch = givenBatch ?? recipe.batch;
  const hasFew = freezeBackbone && pictures <= FEW_PICTURES;
  const own = lengthOf(length, { pictures, hasFew, batch: batch * accumulate });
  const steps = givenSteps ?? Math.min(own, MOST_STEPS);
  const share = (part: number): number => Math.round(part * steps);
  return {
    steps,
    batch,
    lr,
    lrBackbone: backboneRate(lr),
    weightDecay: WEIGHT_DECAY,
    clip: CLIP,
    dropout,
    schedule,
    warmupSteps: share(recipe.warmup),
    lrDrop: recipe.drop === null ? null : dropStep(steps, recipe.drop),
    headSteps: share(recipe.head),
    freezeBackbone,
    freezeEncoder: false,
    views: freezeBackbone && !hasFew ? QUICK_VIEWS : VIEWS,
    augment,
    evalEvery: Math.max(1, share(1 / recipe.evaluations)),
  };
}

/** In steps of so many pictures. */
function lengthOf(
  length: Recipe['length'],
  { pictures, hasFew, batch }: { readonly pictures: number; readonly hasFew: boolean; readonly batch: number },
): number {
  if ('epochs' in length) return Math.max(1, Math.ceil((length.epochs * pictures) / batch));
  return hasFew && length.stepsOfFew !== undefined ? length.stepsOfFew : length.steps;
}

/** The step after which the rates drop, where only the run's length was said. */
export function dropStep(steps: number, share = DETR_DROP): number {
  return Math.max(1, Math.round(share * steps));
}

/** The backbone's rate where only that of the rest was said: a tenth, as in DETR, to 12 digits, so that 2e-4 gives 2e-5. */
export function backboneRate(lr: number): number {
  return Number((lr / 10).toPrecision(12));
}

/** What runs did that were kept before there were recipes and schedules, or later choices. */
export function settingsBeforeRecipes(lrDrop: unknown) {
  return {
    recipe: null,
    schedule: lrDrop === null || lrDrop === undefined ? 'constant' : 'step',
    warmupSteps: 0,
    headSteps: 0,
    freezeEncoder: false,
    views: 1,
    augment: 'flip',
    recompute: false,
  } as const;
}
