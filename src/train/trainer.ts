import { createTrainLoader, type TrainLoader } from '../data/loader.ts';
import { createPictureCache } from '../data/picture-cache.ts';
import { type PictureReading, samplesOfSplit } from '../data/picture-source.ts';
import type { Batch, DataSet } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import type { DropoutPlan } from '../detr/transformer.ts';
import { writeCheckpoint } from '../interop/checkpoint-files.ts';
import { MOST_TARGETS } from '../loss/targets.ts';
import { AdamW } from './adamw.ts';
import { evaluateSplit, type SplitEvaluation } from './evaluate.ts';
import type { TrainingRun } from './loop.ts';
import { learningRates } from './schedule.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from './splits.ts';
import { type StepResult, trainStep } from './step.ts';
import { type TrainerState, writeTrainerState } from './trainer-state.ts';

const CACHE_BYTES = 256 * 2 ** 20;
/** Pictures of an evaluation that are handed back to be shown. */
const SHOWN_PICTURES = 8;

/** What of a run its model, its optimiser and its data are made from. */
export type TrainerParts = Pick<
  TrainingRun,
  'dataSet' | 'checkpoint' | 'settings' | 'resumeFrom' | 'decode' | 'now' | 'onEvent'
>;

/** The model in training with its optimiser and its data: what a checkpoint is a picture of. */
export class Trainer {
  readonly #run: TrainerParts;
  readonly #model: DetrForObjectDetection;
  readonly #parameters: readonly TrainableParameter[];
  readonly #optimizer: AdamW;
  readonly #reading: PictureReading;
  readonly #loader: TrainLoader;

  constructor(run: TrainerParts) {
    const { checkpoint, settings, resumeFrom } = run;
    this.#run = run;
    this.#model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
    this.#parameters = this.#model.parameters.trainable(settings);
    this.#optimizer = new AdamW(this.#parameters, resumeFrom);
    this.#reading = {
      dataSet: withoutCrowded(run.dataSet, run.onEvent),
      decode: run.decode,
      preprocessor: checkpoint.preprocessor.config,
      cache: createPictureCache(CACHE_BYTES),
      onProblem: ({ file, reason }) => run.onEvent({ type: 'notice', message: `Left out ${file}: ${reason}` }),
    };
    this.#loader = createTrainLoader({
      ...this.#reading,
      split: TRAIN_SPLIT,
      batch: settings.batch,
      seed: settings.seed,
      flip: true,
      ...(resumeFrom && { state: resumeFrom.sampler }),
    });
  }

  /** Steps behind it, those before a resumption counted. */
  get step(): number {
    return this.#optimizer.step;
  }

  /** Pictures of one step. */
  get imagesPerStep(): number {
    return this.#run.settings.batch * this.#run.settings.accumulate;
  }

  /** Passes over the training split so far, with the fraction of the one that is going on. */
  get epoch(): number {
    return (this.step * this.imagesPerStep) / this.#loader.pictures;
  }

  /** The next step: reads its batches, computes, updates. Throws as `trainStep`. */
  async nextStep(): Promise<StepResult & { readonly lr: number }> {
    const { settings } = this.#run;
    const step = this.step + 1;
    const batches: Batch[] = [];
    for (let i = 0; i < settings.accumulate; i++) batches.push(await this.#loader.next());
    const rates = learningRates(step, settings);
    const dropout = this.#dropout(step);
    const result = await trainStep(this.#model, this.#optimizer, this.#parameters, batches, {
      ...rates,
      freezeBackbone: settings.freezeBackbone,
      weightDecay: settings.weightDecay,
      clip: settings.clip,
      step,
      ...(dropout && { dropout }),
    });
    return { ...result, lr: rates.lr };
  }

  /** Scores the model as it is now on the val split. */
  evaluate(signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<SplitEvaluation> {
    const { settings, now } = this.#run;
    return evaluateSplit({
      ...this.#reading,
      model: this.#model,
      split: EVAL_SPLIT,
      batch: settings.batch,
      limit: settings.evalImages,
      keepPictures: SHOWN_PICTURES,
      now,
      signal,
      onProgress,
    });
  }

  /** The weights as they are now, as the files of a checkpoint. */
  async checkpointFiles(): Promise<Map<string, Uint8Array>> {
    const { config, preprocessor, weights } = this.#run.checkpoint;
    const values = await this.#model.parameters.values();
    return writeCheckpoint({ config, preprocessor, weights: { form: weights.form, values } });
  }

  /** The same, with all that a run needs to go on from here. */
  async resumableFiles(progress: Omit<TrainerState, 'step' | 'sampler' | 'moments'>): Promise<Map<string, Uint8Array>> {
    const state = {
      ...progress,
      step: this.step,
      sampler: this.#loader.state(),
      moments: await this.#optimizer.moments(),
    };
    return new Map([...(await this.checkpointFiles()), ...writeTrainerState(state)]);
  }

  dispose(): void {
    this.#loader.close();
    this.#optimizer.dispose();
    this.#model.dispose();
  }

  #dropout(step: number): DropoutPlan | undefined {
    const { settings, checkpoint } = this.#run;
    if (settings.dropout === 0) return undefined;
    const { attentionDropout: attention, activationDropout: activation } = checkpoint.config;
    return { residual: settings.dropout, attention, activation, seed: settings.seed, step };
  }
}

/** The data set with no picture in its train split that has more boxes than the matching holds. */
function withoutCrowded(dataSet: DataSet, onEvent: TrainingRun['onEvent']): DataSet {
  const crowded = new Set<string>();
  for (const { id, objects, imagePath } of samplesOfSplit(dataSet, TRAIN_SPLIT)) {
    if (objects.length <= MOST_TARGETS) continue;
    crowded.add(id);
    const message = `Left out ${imagePath}: it has ${objects.length} boxes, and matching holds ${MOST_TARGETS} a picture.`;
    onEvent({ type: 'notice', message });
  }
  if (crowded.size === 0) return dataSet;
  const train = dataSet.splits[TRAIN_SPLIT]?.filter((id) => !crowded.has(id)) ?? [];
  return { ...dataSet, splits: { ...dataSet.splits, [TRAIN_SPLIT]: train } };
}
