import type { EndlessBatches } from '../data/endless-batches.ts';
import { createTrainLoader } from '../data/loader.ts';
import { createPictureCache } from '../data/picture-cache.ts';
import { picturePool } from '../data/picture-pool.ts';
import { type PictureReading, samplesOfSplit } from '../data/picture-source.ts';
import { pictureWorkHere } from '../data/picture-work.ts';
import { createPixelBuffers } from '../data/pixel-buffers.ts';
import type { DataSet } from '../data/types.ts';
import { ownBuckets, type ViewLoaderOptions } from '../data/view-loader.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { writeCheckpoint } from '../interop/checkpoint-files.ts';
import { MOST_TARGETS } from '../loss/targets.ts';
import { AdamW } from './adamw.ts';
import { evaluateSplit, type SplitEvaluation } from './evaluate.ts';
import { featureIdentity } from './feature-identity.ts';
import { createFrozenBatches, featureBytes } from './frozen-batches.ts';
import { KeptFeatures } from './kept-features.ts';
import type { TrainingRun } from './loop.ts';
import { learningRates, type RateSettings } from './schedule.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from './splits.ts';
import type { StepBatch } from './step-inputs.ts';
import { Stepper, type TakenStep } from './stepper.ts';
import { stepperOptions } from './stepper-options.ts';
import { type TrainerState, writeTrainerState } from './trainer-state.ts';
import type { TrainSettings } from './types.ts';

const CACHE_BYTES = 256 * 2 ** 20;
/** Pictures of an evaluation that are handed back to be shown. */
const SHOWN_PICTURES = 8;

/** What of a run its model, its optimiser and its data are made from. */
export type TrainerParts = Pick<
  TrainingRun,
  | 'session'
  | 'dataSet'
  | 'checkpoint'
  | 'signal'
  | 'settings'
  | 'resumeFrom'
  | 'features'
  | 'decode'
  | 'pictureWorkers'
  | 'adapters'
  | 'now'
  | 'onEvent'
>;

/** What of a run's settings hangs on its length. */
export type RunCourse = RateSettings & Pick<TrainSettings, 'headSteps'>;

/** The model in training with its optimiser and its data: what a checkpoint is a picture of. */
export class Trainer {
  readonly #run: TrainerParts;
  readonly #model: DetrForObjectDetection;
  readonly #parameters: readonly TrainableParameter[];
  readonly #optimizer: AdamW;
  /** Whether the steps of `#stepper` train the class head alone. */
  #headOnly: boolean;
  #stepper: Stepper;
  readonly #reading: PictureReading;
  #viewsComputed = 0;
  /** The batches of steps that are not over, step by step. */
  readonly #inUse: (readonly StepBatch[])[] = [];
  readonly #end = new AbortController();
  readonly #buffers = createPixelBuffers();
  readonly #batches: EndlessBatches<StepBatch>;

  constructor(run: TrainerParts) {
    const { checkpoint, settings, resumeFrom } = run;
    this.#run = run;
    this.#model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
    this.#parameters = this.#model.parameters.trainable(settings);
    this.#optimizer = new AdamW(this.#parameters, resumeFrom);
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
    this.#headOnly = this.step < settings.headSteps;
    this.#stepper = this.#stepperOf(this.#headOnly);
    const { batch, seed, augment } = settings;
    const order = { split: TRAIN_SPLIT, batch, seed, ...(resumeFrom && { state: resumeFrom.sampler }) };
    this.#batches = settings.freezeBackbone
      ? this.#frozenBatches(order, new Set(this.#parameters.map(({ name }) => name)))
      : createTrainLoader({ ...this.#reading, ...order, augment, buffers: this.#buffers });
  }

  /** Steps that were begun, those before a resumption counted. */
  get step(): number {
    return this.#optimizer.step;
  }

  /** Views whose features were computed, and not found kept: 0 where nothing is frozen. */
  get viewsComputed(): number {
    return this.#viewsComputed;
  }

  /** Pictures of one step. */
  get imagesPerStep(): number {
    return this.#run.settings.batch * this.#run.settings.accumulate;
  }

  /** Passes over the training split that so many steps are, with the fraction of the last one. */
  epochs(steps: number): number {
    return (steps * this.imagesPerStep) / this.#batches.pictures;
  }

  /**
   * Begins the next step: reads its batches, computes, updates. Returns the steps that are over by now, in order. `course` are
   * the run's settings, which a time limit may have shortened: its rates, and how long the class head trains alone. Throws as
   * `trainStep`, for a step before this one too.
   */
  async nextStep(course: RunCourse = this.#run.settings): Promise<TakenStep[]> {
    const { settings } = this.#run;
    const step = this.step + 1;
    const headOnly = step <= course.headSteps;
    const batches: StepBatch[] = [];
    for (let i = 0; i < settings.accumulate; i++) batches.push(await this.#batches.next());
    const before = headOnly === this.#headOnly ? [] : await this.#changePhase(headOnly);
    this.#inUse.push(batches);
    const rates = { ...learningRates(step, course), weightDecay: settings.weightDecay };
    return [...before, ...this.#over(await this.#stepper.take(batches, rates, step))];
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
  async resumableFiles(
    progress: Omit<TrainerState, 'step' | 'headOnlySteps' | 'sampler' | 'moments'>,
  ): Promise<Map<string, Uint8Array>> {
    const state = {
      ...progress,
      step: this.step,
      headOnlySteps: this.#optimizer.headOnlySteps,
      sampler: this.#batches.state(),
      moments: await this.#optimizer.moments(),
    };
    return new Map([...(await this.checkpointFiles()), ...writeTrainerState(state)]);
  }

  /** Batches of what the frozen part gives, which is computed once for each view. */
  #frozenBatches(
    order: Pick<ViewLoaderOptions<never>, 'split' | 'batch' | 'seed' | 'state'>,
    trained: ReadonlySet<string>,
  ): EndlessBatches<StepBatch> {
    const { checkpoint, settings, features: store, onEvent } = this.#run;
    const { views, freezeEncoder } = settings;
    const open = async (): Promise<KeptFeatures> =>
      KeptFeatures.open({
        store,
        identity: await featureIdentity(checkpoint, trained, this.#reading.dataSet.hash, settings),
        neededBytes: views * featureBytes(ownBuckets(this.#reading, order.split), checkpoint.config),
        onNotice: (message) => onEvent({ type: 'notice', message }),
      });
    const kept = open();
    // Whoever asks for the first batch hears of the failure; until then it is not unhandled.
    kept.catch(() => undefined);
    const stage = freezeEncoder ? 'memory' : 'projected';
    const onComputed = (computed: number): void => {
      this.#viewsComputed += computed;
    };
    return createFrozenBatches({ ...this.#reading, ...order, views, model: this.#model, stage, kept, onComputed });
  }

  dispose(): void {
    this.#batches.close();
    this.#stepper.dispose();
    this.#end.abort();
    this.#optimizer.dispose();
    this.#model.dispose();
  }

  /** From now on other tensors are trained: a step is another one, and its memory too. Returns the steps that were not over. */
  async #changePhase(headOnly: boolean): Promise<TakenStep[]> {
    const taken = this.#over(await this.#stepper.settle());
    this.#stepper.dispose();
    this.#stepper = this.#stepperOf(headOnly);
    this.#headOnly = headOnly;
    return taken;
  }

  /** Steps of the class head alone, or of all that is trained. For the class head alone nothing before it has a gradient. */
  #stepperOf(headOnly: boolean): Stepper {
    const { settings, checkpoint, session, adapters, signal, onEvent } = this.#run;
    const classHead = this.#parameters.filter(({ role }) => role === 'class-head');
    const { dataSet } = this.#reading;
    return new Stepper(
      this.#model,
      this.#optimizer,
      headOnly ? classHead : this.#parameters,
      stepperOptions({ settings, checkpoint, dataSet, submissionMs: session.submissionMs, adapters, signal }),
      {
        onNotice: (message) => onEvent({ type: 'notice', message }),
        onMeasuring: (done, total) =>
          onEvent({ type: 'progress', phase: 'measuring', done, total, perSecond: null, secondsLeft: null }),
      },
    );
  }

  /** Steps whose losses were read: nothing reads their pictures any more, and others may take their place. */
  #over(taken: TakenStep[]): TakenStep[] {
    for (const batches of this.#inUse.splice(0, taken.length)) {
      for (const batch of batches) if ('pixelsNhwc' in batch) this.#buffers.giveBack(batch.pixelsNhwc);
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
