import type { EndlessBatches } from '../data/endless-batches.ts';
import { createTrainLoader } from '../data/loader.ts';
import { createPictureCache } from '../data/picture-cache.ts';
import { picturePool } from '../data/picture-pool.ts';
import { type PictureReading, samplesOfSplit } from '../data/picture-source.ts';
import { pictureWorkHere } from '../data/picture-work.ts';
import { createPixelBuffers } from '../data/pixel-buffers.ts';
import type { Batch, DataSet } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import { writeCheckpoint } from '../interop/checkpoint-files.ts';
import { MOST_TARGETS } from '../loss/targets.ts';
import { AdamW } from './adamw.ts';
import { evaluateSplit, type SplitEvaluation } from './evaluate.ts';
import type { TrainingRun } from './loop.ts';
import { learningRates } from './schedule.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from './splits.ts';
import { Stepper, type TakenStep } from './stepper.ts';
import { stepperOptions } from './stepper-options.ts';
import { type TrainerState, writeTrainerState } from './trainer-state.ts';

const CACHE_BYTES = 256 * 2 ** 20;
/** Pictures of an evaluation that are handed back to be shown. */
const SHOWN_PICTURES = 8;

/** What of a run its model, its optimiser and its data are made from. */
export type TrainerParts = Pick<
  TrainingRun,
  'session' | 'dataSet' | 'checkpoint' | 'settings' | 'resumeFrom' | 'decode' | 'pictureWorkers' | 'now' | 'onEvent'
>;

/** The model in training with its optimiser and its data: what a checkpoint is a picture of. */
export class Trainer {
  readonly #run: TrainerParts;
  readonly #model: DetrForObjectDetection;
  readonly #optimizer: AdamW;
  readonly #stepper: Stepper;
  readonly #reading: PictureReading;
  /** The batches of steps that are not over, step by step. */
  readonly #inUse: (readonly Batch[])[] = [];
  readonly #end = new AbortController();
  readonly #buffers = createPixelBuffers();
  readonly #loader: EndlessBatches<Batch>;

  constructor(run: TrainerParts) {
    const { checkpoint, settings, resumeFrom } = run;
    this.#run = run;
    this.#model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
    const parameters = this.#model.parameters.trainable(settings);
    this.#optimizer = new AdamW(parameters, resumeFrom);
    this.#reading = {
      dataSet: withoutCrowded(run.dataSet, run.onEvent),
      decode: run.decode,
      ...(run.pictureWorkers && {
        work: picturePool(run.pictureWorkers(this.#end.signal), pictureWorkHere(run.decode)),
      }),
      preprocessor: checkpoint.preprocessor.config,
      cache: createPictureCache(CACHE_BYTES),
      onProblem: ({ file, reason }) => run.onEvent({ type: 'notice', message: `Left out ${file}: ${reason}` }),
    };
    this.#stepper = new Stepper(
      this.#model,
      this.#optimizer,
      parameters,
      stepperOptions({
        settings,
        checkpoint,
        dataSet: this.#reading.dataSet,
        submissionMs: run.session.submissionMs,
      }),
      (message) => run.onEvent({ type: 'notice', message }),
    );
    this.#loader = createTrainLoader({
      ...this.#reading,
      split: TRAIN_SPLIT,
      batch: settings.batch,
      seed: settings.seed,
      augment: settings.augment,
      buffers: this.#buffers,
      ...(resumeFrom && { state: resumeFrom.sampler }),
    });
  }

  /** Steps that were begun, those before a resumption counted. */
  get step(): number {
    return this.#optimizer.step;
  }

  /** Pictures of one step. */
  get imagesPerStep(): number {
    return this.#run.settings.batch * this.#run.settings.accumulate;
  }

  /** Passes over the training split that so many steps are, with the fraction of the last one. */
  epochs(steps: number): number {
    return (steps * this.imagesPerStep) / this.#loader.pictures;
  }

  /**
   * Begins the next step: reads its batches, computes, updates. Returns the steps that are over by now, in order. Throws as
   * `trainStep`, for a step before this one too.
   */
  async nextStep(): Promise<TakenStep[]> {
    const { settings } = this.#run;
    const step = this.step + 1;
    const batches: Batch[] = [];
    for (let i = 0; i < settings.accumulate; i++) batches.push(await this.#loader.next());
    this.#inUse.push(batches);
    const rates = { ...learningRates(step, settings), weightDecay: settings.weightDecay };
    return this.#over(await this.#stepper.take(batches, rates, step));
  }

  /** Waits for the steps that were begun and are not over; returns them. Throws as `nextStep`. */
  async settle(): Promise<TakenStep[]> {
    return this.#over(await this.#stepper.settle());
  }

  /** Scores the model as it is now on the val split. Steps have to be settled. */
  evaluate(signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<SplitEvaluation> {
    const { settings, now } = this.#run;
    return this.#stepper.aside(() =>
      evaluateSplit({
        ...this.#reading,
        model: this.#model,
        split: EVAL_SPLIT,
        batch: settings.batch,
        limit: settings.evalImages,
        keepPictures: SHOWN_PICTURES,
        now,
        signal,
        onProgress,
      }),
    );
  }

  /** The weights as they are now, as the files of a checkpoint. Steps have to be settled. */
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
    this.#stepper.dispose();
    this.#end.abort();
    this.#optimizer.dispose();
    this.#model.dispose();
  }

  /** Steps whose losses were read: nothing reads their pictures any more, and others may take their place. */
  #over(taken: TakenStep[]): TakenStep[] {
    for (const batches of this.#inUse.splice(0, taken.length)) {
      for (const { pixelsNhwc } of batches) this.#buffers.giveBack(pixelsNhwc);
    }
    return taken;
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
