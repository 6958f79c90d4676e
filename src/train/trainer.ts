import { createTrainLoader, type TrainLoader } from '../data/loader.ts';
import { createPictureCache } from '../data/picture-cache.ts';
import { type PictureReading, samplesOfSplit } from '../data/picture-source.ts';
import type { Batch, DataSet } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { writeCheckpoint } from '../interop/checkpoint-files.ts';
import { MOST_TARGETS, targetSlots } from '../loss/targets.ts';
import { AdamW } from './adamw.ts';
import { evaluateSplit, type SplitEvaluation } from './evaluate.ts';
import type { DropoutRates } from './gradients.ts';
import type { TrainingRun } from './loop.ts';
import { learningRates, type RateSettings } from './schedule.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from './splits.ts';
import { Stepper, type TakenStep } from './stepper.ts';
import { type TrainerState, writeTrainerState } from './trainer-state.ts';
import type { TrainSettings } from './types.ts';

const CACHE_BYTES = 256 * 2 ** 20;
/** Pictures of an evaluation that are handed back to be shown. */
const SHOWN_PICTURES = 8;

/** What of a run its model, its optimiser and its data are made from. */
export type TrainerParts = Pick<
  TrainingRun,
  'session' | 'dataSet' | 'checkpoint' | 'settings' | 'resumeFrom' | 'decode' | 'now' | 'onEvent'
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
    this.#headOnly = this.step < settings.headSteps;
    this.#stepper = this.#stepperOf(this.#headOnly);
    this.#loader = createTrainLoader({
      ...this.#reading,
      split: TRAIN_SPLIT,
      batch: settings.batch,
      seed: settings.seed,
      flip: true,
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
   * Begins the next step: reads its batches, computes, updates. Returns the steps that are over by now, in order. `course` are
   * the run's settings, which a time limit may have shortened: its rates, and how long the class head trains alone. Throws as
   * `trainStep`, for a step before this one too.
   */
  async nextStep(course: RunCourse = this.#run.settings): Promise<TakenStep[]> {
    const { settings } = this.#run;
    const step = this.step + 1;
    const headOnly = step <= course.headSteps;
    const batches: Batch[] = [];
    for (let i = 0; i < settings.accumulate; i++) batches.push(await this.#loader.next());
    const before = headOnly === this.#headOnly ? [] : await this.#changePhase(headOnly);
    const rates = { ...learningRates(step, course), weightDecay: settings.weightDecay };
    return [...before, ...(await this.#stepper.take(batches, rates, step))];
  }

  /** Waits for the steps that were begun and are not over; returns them. Throws as `nextStep`. */
  settle(): Promise<TakenStep[]> {
    return this.#stepper.settle();
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
      sampler: this.#loader.state(),
      moments: await this.#optimizer.moments(),
    };
    return new Map([...(await this.checkpointFiles()), ...writeTrainerState(state)]);
  }

  dispose(): void {
    this.#loader.close();
    this.#stepper.dispose();
    this.#optimizer.dispose();
    this.#model.dispose();
  }

  /** From now on other tensors are trained: a step is another one, and its memory too. Returns the steps that were not over. */
  async #changePhase(headOnly: boolean): Promise<TakenStep[]> {
    const taken = await this.#stepper.settle();
    this.#stepper.dispose();
    this.#stepper = this.#stepperOf(headOnly);
    this.#headOnly = headOnly;
    return taken;
  }

  /** Steps of the class head alone, or of all that is trained. For the class head alone nothing before it has a gradient. */
  #stepperOf(headOnly: boolean): Stepper {
    const { settings, session, onEvent } = this.#run;
    const classHead = this.#parameters.filter(({ role }) => role === 'class-head');
    return new Stepper(
      this.#model,
      this.#optimizer,
      headOnly ? classHead : this.#parameters,
      {
        freezeBackbone: settings.freezeBackbone || headOnly,
        clip: settings.clip,
        accumulate: settings.accumulate,
        slots: targetSlots(mostObjects(this.#reading.dataSet)),
        submissionMs: session.submissionMs,
        ...(settings.dropout > 0 && { dropout: dropoutRates(this.#run) }),
      },
      (message) => onEvent({ type: 'notice', message }),
    );
  }
}

function dropoutRates({ settings, checkpoint }: TrainerParts): DropoutRates {
  const { attentionDropout: attention, activationDropout: activation } = checkpoint.config;
  return { residual: settings.dropout, attention, activation, seed: settings.seed };
}

/** The most objects that a picture to train on has. */
function mostObjects(dataSet: DataSet): number {
  return samplesOfSplit(dataSet, TRAIN_SPLIT).reduce((most, { objects }) => Math.max(most, objects.length), 0);
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
