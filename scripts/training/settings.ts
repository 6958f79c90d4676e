import type { Augment } from '../../src/base/augment.ts';
import {
  backboneRate,
  dropStep,
  type RecipeName,
  type RecipeSettings,
  recipeSettings,
  type Schedule,
  VIEWS,
} from '../../src/base/recipes.ts';
import { samplesOfSplit } from '../../src/data/picture-source.ts';
import type { DataSet } from '../../src/data/types.ts';
import type { Checkpoint } from '../../src/interop/checkpoint-files.ts';
import { TRAIN_SPLIT } from '../../src/train/splits.ts';
import type { TrainSettings } from '../../src/train/types.ts';
import { refuseUsage } from '../cli/run-command.ts';

/** What was said on the command line; everything else gets its default. */
export interface TrainOptions {
  readonly data?: string;
  readonly model?: string;
  readonly mirror?: string;
  /** The file of a class table. */
  readonly classMap?: string;
  readonly recipe?: RecipeName;
  readonly out?: string;
  readonly steps?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly accumulate?: number;
  readonly recompute?: boolean;
  readonly size?: number;
  readonly lr?: number;
  readonly lrBackbone?: number;
  readonly freezeBackbone?: boolean;
  readonly freezeEncoder?: boolean;
  readonly views?: number;
  readonly augment?: Augment;
  readonly seed?: number;
  readonly evalEvery?: number;
  readonly evalImages?: number;
  readonly checkpointEvery?: number;
  readonly clip?: number;
  readonly weightDecay?: number;
  readonly dropout?: number;
  readonly schedule?: Schedule;
  readonly lrDrop?: number | null;
  readonly warmup?: number;
  readonly headSteps?: number;
  /** Plan the memory, and train nothing. */
  readonly plan?: boolean;
  readonly force?: boolean;
  readonly resume?: string;
}

/** What is taken where nothing was said, whatever the weights. */
export const DEFAULTS = {
  data: 'sample',
  model: 'tiny',
  augment: 'flip',
  accumulate: 1,
  seed: 0,
  checkpointEvery: 50,
  clip: 0.1,
  weightDecay: 1e-4,
} as const;

/** Without a recipe: the rates of the bundled checkpoint's reference curve, and DETR's own for every other, both constant. */
const WITHOUT_RECIPE = {
  tiny: { lr: 2e-4, batch: 8, dropout: 0 },
  other: { lr: 1e-4, batch: 4, dropout: null },
} as const;

const STEPS = 400;
const EVALUATIONS = 8;

/** Where a driver computes on the processor and no length was asked for: so many seconds, at a small batch. */
const SOFTWARE = { maxSeconds: 180, evalImages: 16, batch: 4 } as const;

export interface ResolvedSettings {
  readonly settings: TrainSettings;
  /** Plain sentences on what was chosen for a slow machine. */
  readonly notices: readonly string[];
}

/** Every setting of a new run. Throws `usage` where two of them contradict each other. */
export function resolveSettings(
  options: TrainOptions,
  checkpoint: Checkpoint,
  dataSet: DataSet,
  softwareAdapter: boolean,
): ResolvedSettings {
  const { accumulate = DEFAULTS.accumulate, recipe = null } = options;
  // Who names a recipe has asked for its length.
  const short = softwareAdapter && recipe === null && options.steps === undefined && options.epochs === undefined;
  const proposed = proposal(
    { ...options, ...(short && { batch: options.batch ?? SOFTWARE.batch }) },
    checkpoint,
    dataSet,
  );
  const { steps, batch } = proposed;
  const settings: TrainSettings = {
    recipe,
    steps,
    batch,
    accumulate,
    recompute: options.recompute ?? false,
    size: options.size ?? checkpoint.preprocessor.config.shortestEdge,
    lr: options.lr ?? proposed.lr,
    lrBackbone: options.lrBackbone ?? (options.lr === undefined ? proposed.lrBackbone : backboneRate(options.lr)),
    weightDecay: options.weightDecay ?? proposed.weightDecay,
    clip: options.clip ?? proposed.clip,
    dropout: options.dropout ?? proposed.dropout,
    ...rateCourse(options, proposed),
    headSteps: options.headSteps ?? proposed.headSteps,
    freezeBackbone: options.freezeBackbone ?? proposed.freezeBackbone,
    freezeEncoder: options.freezeEncoder ?? proposed.freezeEncoder,
    views: options.views ?? proposed.views,
    augment: options.augment ?? proposed.augment,
    seed: options.seed ?? DEFAULTS.seed,
    evalEvery: options.evalEvery ?? (short ? steps : proposed.evalEvery),
    evalImages: options.evalImages ?? (short ? SOFTWARE.evalImages : null),
    checkpointEvery: options.checkpointEvery ?? DEFAULTS.checkpointEvery,
    overfitPictures: null,
    maxSeconds: short ? SOFTWARE.maxSeconds : null,
  };
  return { settings, notices: short ? [shortRunNotice(settings)] : [] };
}

/** What is taken where nothing else was said: the recipe's settings, or those of a run without one. */
function proposal(options: TrainOptions, checkpoint: Checkpoint, dataSet: DataSet): RecipeSettings {
  const { model = DEFAULTS.model, accumulate = DEFAULTS.accumulate, recipe, batch, epochs } = options;
  const bundled = model === 'tiny';
  const pictures = samplesOfSplit(dataSet, TRAIN_SPLIT).length;
  const without = bundled ? WITHOUT_RECIPE.tiny : WITHOUT_RECIPE.other;
  const stepsOf = (aBatch: number): number | undefined =>
    epochs === undefined ? options.steps : Math.max(1, Math.ceil((epochs * pictures) / (aBatch * accumulate)));
  if (recipe !== undefined) {
    const fit = { bundled, pictures, accumulate, ...(batch !== undefined && { batch }) };
    const steps = stepsOf(recipeSettings(recipe, fit).batch);
    return recipeSettings(recipe, { ...fit, ...(steps !== undefined && { steps }) });
  }
  const taken = batch ?? without.batch;
  const steps = stepsOf(taken) ?? STEPS;
  return {
    steps,
    batch: taken,
    lr: without.lr,
    lrBackbone: backboneRate(without.lr),
    weightDecay: DEFAULTS.weightDecay,
    clip: DEFAULTS.clip,
    dropout: without.dropout ?? checkpoint.config.dropout,
    schedule: 'constant',
    warmupSteps: 0,
    lrDrop: null,
    headSteps: 0,
    freezeBackbone: false,
    freezeEncoder: false,
    views: VIEWS,
    augment: DEFAULTS.augment,
    evalEvery: Math.max(1, Math.round(steps / EVALUATIONS)),
  };
}

/** How the rates go. Naming the step of a drop asks for the schedule that has one. Throws `usage` where they don't fit. */
function rateCourse(
  { schedule: named, lrDrop: drop, warmup }: TrainOptions,
  proposed: RecipeSettings,
): Pick<TrainSettings, 'schedule' | 'lrDrop' | 'warmupSteps'> {
  const { steps } = proposed;
  if (typeof drop === 'number' && named !== undefined && named !== 'step') {
    refuseUsage(`Found --lr-drop ${drop} with --schedule ${named}, which has no drop; expected --schedule step.`);
  }
  if (drop === null && named === 'step') {
    refuseUsage('Found --lr-drop none with --schedule step; expected --schedule constant, or the step of the drop.');
  }
  const warmupSteps = warmup ?? proposed.warmupSteps;
  if (warmupSteps > 0 && warmupSteps >= steps) {
    refuseUsage(`--warmup ${warmupSteps}: expected fewer than the run's ${steps} steps.`);
  }
  const implied = drop === undefined ? proposed.schedule : drop === null ? 'constant' : 'step';
  const schedule = named ?? (drop === null && proposed.schedule === 'cosine' ? 'cosine' : implied);
  return { schedule, warmupSteps, lrDrop: schedule === 'step' ? (drop ?? proposed.lrDrop ?? dropStep(steps)) : null };
}

function shortRunNotice({ batch, evalEvery, evalImages }: TrainSettings): string {
  const measured = evalEvery > 0 && evalImages !== null ? `, and is evaluated on at most ${evalImages} pictures` : '';
  return `Without a GPU this run takes the steps that fit into ${SOFTWARE.maxSeconds / 60} minutes, at batch ${batch}${measured}. Say --steps N for a longer one.`;
}
