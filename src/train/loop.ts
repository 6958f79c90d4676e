import { StudioError, toStudioError } from '../base/errors.ts';
import { rateMeter } from '../base/rate-meter.ts';
import type { DataSet, DecodeImage, PictureWork } from '../data/types.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { GpuSession } from '../tf/index.ts';
import type { AdapterStore } from '../tf/types.ts';
import { CheckpointSaver } from './checkpoint-saver.ts';
import { shortenedTo } from './run-length.ts';
import { type PlannedRun, withLargestSize } from './run-memory.ts';
import type { TakenStep } from './stepper.ts';
import { Trainer } from './trainer.ts';
import type { TrainerState } from './trainer-state.ts';
import type {
  CheckpointKind,
  FeatureStore,
  RunStore,
  StepRecord,
  TrainEvent,
  TrainResult,
  TrainSettings,
} from './types.ts';

/** Everything that a run is made of. */
export interface TrainingRun {
  readonly session: GpuSession;
  readonly dataSet: DataSet;
  /** The start of the run, or where it stopped: head, size and weights as they are to be. */
  readonly checkpoint: Checkpoint;
  readonly carriedClasses: number;
  readonly settings: TrainSettings;
  /** Where it stopped; left out for a new run. */
  readonly resumeFrom?: TrainerState;
  readonly store: RunStore;
  /** Where features of a frozen part are kept; left out for memory alone. */
  readonly features?: FeatureStore;
  readonly decode: DecodeImage;
  /** Workers that make the batches beside this thread, until `signal`; on this thread where left out. */
  readonly pictureWorkers?: (signal: AbortSignal) => readonly PictureWork[];
  /** What was measured on the adapter is taken from there, and kept there. */
  readonly adapters: AdapterStore;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
  readonly onEvent: (event: TrainEvent) => void;
  /** Ends the run after the steps in hand, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Awaited between steps: pausing is a promise that is not yet resolved. */
  readonly gate?: () => Promise<void> | undefined;
  /** Milliseconds in which the thread was frozen since this was last asked. */
  readonly takeFrozenMs?: () => number;
  /** Told after each step and evaluation. */
  readonly onAdvance?: (advance: RunAdvance) => void;
}

/** How far a run is. */
export interface RunAdvance {
  readonly step: number;
  /** Its length, which a time limit may have shortened. */
  readonly steps: number;
  /** Of training, pauses left out. */
  readonly seconds: number;
  readonly best: TrainResult['best'];
}

/** A device that is lost says so after what it was doing has failed. */
const LOSS_IS_TOLD_MS = 500;

/** The first step compiles every program; the ones after it tell how long a step takes. */
const STEPS_BEFORE_PLANNING = 3;

/**
 * Trains to the last step, or until `signal`: steps, evaluations and checkpoints, each told as an event and kept in the
 * store. Throws `non-finite`, `gpu-lost`, `gpu-error`; the last good checkpoint is then as it was.
 */
export async function runTraining(run: TrainingRun): Promise<TrainResult> {
  const { session, settings, store, resumeFrom, now, onEvent, signal } = run;
  const trainer = new Trainer(run);
  const saver = new CheckpointSaver(store, onEvent);
  let startedAt = now();
  const seconds = () => (resumeFrom?.seconds ?? 0) + (now() - startedAt) / 1000;
  const meter = rateMeter(now);
  /** The settings, shortened where the run is cut to a time limit. */
  let course = settings;
  let lossFirst = resumeFrom?.lossFirst ?? null;
  let lossLast = resumeFrom?.lossLast ?? null;
  let best = resumeFrom?.best ?? null;
  let final: TrainResult['final'] = null;
  let evaluatedStep = resumeFrom?.evaluatedStep ?? -1;
  let isSaved = false;
  let isPlanned = false;
  let stepsTold = trainer.step;
  let toldAt = startedAt;

  /** What the device did wrong while it computed or read must not take the place of a good checkpoint. */
  const keep = async (kind: CheckpointKind, files: ReadonlyMap<string, Uint8Array>) => {
    session.throwIfFailed();
    await saver.save(kind, trainer.step, files);
  };

  const advance = () => run.onAdvance?.({ step: stepsTold, steps: course.steps, seconds: seconds(), best });

  /** Time in which nothing was done counts for no rate, and not as training. */
  const leaveOut = (idleMs: number) => {
    if (idleMs <= 0) return;
    startedAt += Math.min(idleMs, now() - startedAt);
    toldAt = now();
    meter.restart();
  };

  /** Leaves out the time for which the thread was frozen since the last time, and returns it. */
  const leaveOutFrozen = (): number => {
    const frozenMs = run.takeFrozenMs?.() ?? 0;
    leaveOut(frozenMs);
    return frozenMs;
  };

  const saveLast = async () => {
    onEvent({
      type: 'progress',
      phase: 'saving',
      done: trainer.step,
      total: course.steps,
      perSecond: null,
      secondsLeft: null,
    });
    const progress = { steps: course.steps, seconds: seconds(), lossFirst, lossLast, best, evaluatedStep };
    await keep('last', await trainer.resumableFiles(progress));
    isSaved = true;
  };

  const evaluate = async () => {
    const evalMeter = rateMeter(now);
    const { report, pictures } = await trainer.evaluate(signal, (done, total) => {
      if (leaveOutFrozen() > 0) evalMeter.restart();
      evalMeter.report(done);
      onEvent({ type: 'progress', phase: 'evaluating', done, total, ...evalMeter.rate(total) });
    });
    session.throwIfFailed();
    const record = { step: trainer.step, eval: report };
    await store.appendMetrics(record);
    onEvent({ type: 'eval', record, pictures });
    evaluatedStep = trainer.step;
    isSaved = false;
    final = { map50: report.voc.map50, AP: report.coco.AP };
    if (best === null || (final.map50 ?? -1) > (best.map50 ?? -1)) {
      best = { step: trainer.step, ...final };
      await keep('best', await trainer.checkpointFiles());
    }
    meter.restart();
    toldAt = now();
    advance();
  };

  const tell = async (taken: readonly TakenStep[]) => {
    session.throwIfFailed();
    const frozenMs = leaveOutFrozen();
    for (const result of taken) {
      const busyMs = Math.max(1, now() - toldAt - frozenMs);
      toldAt = now();
      stepsTold = result.step;
      meter.report(stepsTold);
      const { perSecond: measured, secondsLeft } = meter.rate(course.steps);
      const imagesPerSecond = (measured ?? 1000 / busyMs) * trainer.imagesPerStep;
      const record = stepRecord(result, trainer.epochs(stepsTold), imagesPerSecond);
      saver.wentOn();
      lossFirst ??= record.loss;
      lossLast = record.loss;
      await store.appendMetrics(record);
      onEvent({ type: 'step', record });
      const progress = { done: stepsTold, total: course.steps, perSecond: imagesPerSecond, secondsLeft };
      onEvent({ type: 'progress', phase: 'training', ...progress });
      advance();
    }
  };

  const takeStep = async () => {
    const taken = await trainer.nextStep(course);
    isSaved = false;
    await tell(taken);
  };

  /** Until every step that was begun is over and told. */
  const settle = async () => tell(await trainer.settle());

  /** Once a step's length is known, the run is cut to what fits into its time. */
  const plan = (firstStep: number) => {
    const { perSecond } = meter.rate(course.steps);
    if (settings.maxSeconds === null || isPlanned || perSecond === null) return;
    if (stepsTold - firstStep < STEPS_BEFORE_PLANNING) return;
    isPlanned = true;
    const fitting = Math.max(0, Math.floor((settings.maxSeconds - seconds()) * perSecond));
    if (trainer.step + fitting >= course.steps) return;
    course = shortenedTo(course, trainer.step + fitting);
    const message = `A step takes ${(1 / perSecond).toFixed(1)} s here: ${course.steps} steps fit into ${settings.maxSeconds} s.`;
    onEvent({ type: 'notice', message });
  };

  const waitWhilePaused = async () => {
    leaveOutFrozen();
    const gate = run.gate?.();
    if (!gate) return;
    await settle();
    const since = now();
    await gate;
    leaveOut(now() - since);
  };

  const evaluateIfDue = async () => {
    const { step } = trainer;
    const isDue = step === 0 || step === course.steps || isMultiple(step, settings.evalEvery);
    if (settings.evalEvery === 0 || !isDue || evaluatedStep === step) return;
    await settle();
    await evaluate();
  };

  const train = async () => {
    const firstStep = trainer.step;
    const classes = run.checkpoint.config.labels;
    onEvent({ type: 'started', settings, classes, carriedClasses: run.carriedClasses, firstStep });
    if (firstStep === 0) {
      await store.truncateMetrics(-1);
      await saveLast();
      // Where there is no room for a first checkpoint, that is better heard of now.
      await saver.finish();
    }
    // Also where a run is resumed that was stopped in the middle of an evaluation.
    await evaluateIfDue();
    // The first step may compile for a minute: that is no longer saving or evaluating.
    const done = trainer.step;
    onEvent({ type: 'progress', phase: 'training', done, total: course.steps, perSecond: null, secondsLeft: null });
    while (trainer.step < course.steps && !signal.aborted) {
      await waitWhilePaused();
      if (signal.aborted) break;
      await takeStep();
      plan(firstStep);
      await evaluateIfDue();
      // After the evaluation, so that a checkpoint knows of it and of the best.
      if (!isMultiple(trainer.step, settings.checkpointEvery)) continue;
      await settle();
      await saveLast();
    }
    await settle();
  };

  try {
    await train().catch(async (error: unknown) => {
      if (!(error instanceof StudioError)) await lossOrSoon(session);
      if (toStudioError(error).code === 'gpu-limit') throw await withLargestSize(error, plannedRun(run));
      // A stop in the middle of an evaluation is a stop like any other. What a lost device makes of its readbacks is not.
      session.throwIfFailed();
      if (!signal.aborted || toStudioError(error).code !== 'cancelled') throw error;
    });
    if (!isSaved) await saveLast();
    await saver.finish();
    const losses = { loss_first: lossFirst, loss_last: lossLast };
    return { out: store.out, steps: trainer.step, seconds: seconds(), ...losses, best, final };
  } finally {
    await saver.settle();
    trainer.dispose();
  }
}

function plannedRun({ checkpoint: from, dataSet, settings }: TrainingRun): PlannedRun {
  return { from, dataSet, settings };
}

function lossOrSoon({ device }: GpuSession): Promise<unknown> {
  return Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, LOSS_IS_TOLD_MS))]);
}

function isMultiple(step: number, every: number): boolean {
  return every > 0 && step % every === 0;
}

function stepRecord({ step, terms, gradientNorm, lr }: TakenStep, epoch: number, rate: number): StepRecord {
  const last = terms.layers.at(-1);
  return {
    step,
    epoch,
    loss: terms.total,
    loss_ce: last?.ce ?? Number.NaN,
    loss_bbox: last?.bbox ?? Number.NaN,
    loss_giou: last?.giou ?? Number.NaN,
    cardinality_error: last?.cardinality ?? Number.NaN,
    class_error: terms.classError,
    lr,
    grad_norm: gradientNorm,
    images_per_second: rate,
  };
}
