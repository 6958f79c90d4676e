import type { Augment } from '../../src/base/augment.ts';
import { samplesOfSplit } from '../../src/data/picture-source.ts';
import type { DataSet } from '../../src/data/types.ts';
import type { Checkpoint } from '../../src/interop/checkpoint-files.ts';
import { TRAIN_SPLIT } from '../../src/train/splits.ts';
import type { TrainSettings } from '../../src/train/types.ts';

/** What was said on the command line; everything else gets its default. */
export interface TrainOptions {
  readonly data?: string;
  readonly model?: string;
  readonly out?: string;
  readonly steps?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly accumulate?: number;
  readonly size?: number;
  readonly lr?: number;
  readonly lrBackbone?: number;
  readonly freezeBackbone?: boolean;
  readonly augment?: Augment;
  readonly seed?: number;
  readonly evalEvery?: number;
  readonly evalImages?: number;
  readonly checkpointEvery?: number;
  readonly clip?: number;
  readonly weightDecay?: number;
  readonly dropout?: number;
  readonly lrDrop?: number | null;
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
  lrDrop: null,
} as const;

/** The recipe of the bundled checkpoint, with which its reference curve was made, and DETR's own for every other. */
const RECIPES = {
  tiny: { lr: 2e-4, lrBackbone: 2e-5, batch: 8, dropout: 0, steps: 400 },
  other: { lr: 1e-4, lrBackbone: 1e-5, batch: 4, dropout: null, steps: 400 },
} as const;

const EVALUATIONS = 8;

/** Where a driver computes on the processor and no length was asked for: so many seconds, at a small batch. */
const SOFTWARE = { maxSeconds: 180, evalImages: 16, batch: 4, steps: 400 } as const;

export interface ResolvedSettings {
  readonly settings: TrainSettings;
  /** Plain sentences on what was chosen for a slow machine. */
  readonly notices: readonly string[];
}

/** Every setting of a new run. */
export function resolveSettings(
  options: TrainOptions,
  checkpoint: Checkpoint,
  dataSet: DataSet,
  softwareAdapter: boolean,
): ResolvedSettings {
  const { model = DEFAULTS.model, accumulate = DEFAULTS.accumulate } = options;
  const recipe = model === 'tiny' ? RECIPES.tiny : RECIPES.other;
  const short = softwareAdapter && options.steps === undefined && options.epochs === undefined;
  const batch = options.batch ?? (short ? SOFTWARE.batch : recipe.batch);
  const pictures = samplesOfSplit(dataSet, TRAIN_SPLIT).length;
  const steps =
    options.epochs === undefined
      ? (options.steps ?? recipe.steps)
      : Math.max(1, Math.ceil((options.epochs * pictures) / (batch * accumulate)));
  const settings: TrainSettings = {
    steps,
    batch,
    accumulate,
    size: options.size ?? checkpoint.preprocessor.config.shortestEdge,
    lr: options.lr ?? recipe.lr,
    lrBackbone: options.lrBackbone ?? (options.lr === undefined ? recipe.lrBackbone : options.lr / 10),
    weightDecay: options.weightDecay ?? DEFAULTS.weightDecay,
    clip: options.clip ?? DEFAULTS.clip,
    dropout: options.dropout ?? recipe.dropout ?? checkpoint.config.dropout,
    lrDrop: options.lrDrop ?? DEFAULTS.lrDrop,
    freezeBackbone: options.freezeBackbone ?? false,
    augment: options.augment ?? DEFAULTS.augment,
    seed: options.seed ?? DEFAULTS.seed,
    evalEvery: options.evalEvery ?? (short ? steps : Math.max(1, Math.round(steps / EVALUATIONS))),
    evalImages: options.evalImages ?? (short ? SOFTWARE.evalImages : null),
    checkpointEvery: options.checkpointEvery ?? DEFAULTS.checkpointEvery,
    overfitPictures: null,
    maxSeconds: short ? SOFTWARE.maxSeconds : null,
  };
  return { settings, notices: short ? [shortRunNotice(settings)] : [] };
}

function shortRunNotice({ batch, evalEvery, evalImages }: TrainSettings): string {
  const measured = evalEvery > 0 && evalImages !== null ? `, and is evaluated on at most ${evalImages} pictures` : '';
  return `Without a GPU this run takes the steps that fit into ${SOFTWARE.maxSeconds / 60} minutes, at batch ${batch}${measured}. Say --steps N for a longer one.`;
}
