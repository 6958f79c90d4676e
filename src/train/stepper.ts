import { StudioError } from '../base/errors.ts';
import type { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { releasePool } from '../tf/index.ts';
import type { AdamW, AdamwRates } from './adamw.ts';
import { RecordedStep, type RecordedStepOptions, type StepListener } from './recorded-step.ts';
import { trainStep } from './step.ts';
import type { StepBatch } from './step-inputs.ts';
import type { StepResult } from './step-log.ts';

/** A step that is over. */
export interface TakenStep extends StepResult {
  readonly step: number;
  readonly lr: number;
}

/** Steps that are submitted and not yet read: the GPU has always one to go on with, and a stop comes soon. */
const MOST_IN_FLIGHT = 2;

/** Takes steps one after the other, replayed where they can be, and gives back what each came to, in order. */
export class Stepper {
  #recorded: RecordedStep | null;
  #inFlight: Promise<TakenStep>[] = [];

  /** The listener also hears, once, where steps can't be replayed and are run by tfjs, as they then are. */
  constructor(
    private readonly model: DetrForObjectDetection,
    private readonly optimizer: AdamW,
    private readonly parameters: readonly TrainableParameter[],
    private readonly options: RecordedStepOptions,
    private readonly listener: StepListener,
  ) {
    this.#recorded = new RecordedStep(model, optimizer, parameters, options, listener);
  }

  /** Takes the step of that number; returns those that are over by now. Throws as `trainStep`, at the latest from `settle`. */
  async take(batches: readonly StepBatch[], rates: AdamwRates, step: number): Promise<TakenStep[]> {
    await this.#submit(batches, rates, step);
    const taken: TakenStep[] = [];
    while (this.#inFlight.length >= MOST_IN_FLIGHT) taken.push(await this.#next());
    return taken;
  }

  /** Waits for the steps that are not over; returns them. */
  async settle(): Promise<TakenStep[]> {
    const taken: TakenStep[] = [];
    while (this.#inFlight.length > 0) taken.push(await this.#next());
    return taken;
  }

  /** Runs other work on the GPU, with the memory of steps free for it. Steps have to be settled. */
  async aside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#recorded?.release();
    try {
      return await work();
    } finally {
      if (this.#recorded) releasePool();
    }
  }

  dispose(): void {
    this.#recorded?.dispose();
  }

  async #submit(batches: readonly StepBatch[], rates: AdamwRates, step: number): Promise<void> {
    const over = (result: StepResult): TakenStep => ({ ...result, step, lr: rates.lr });
    if (this.#recorded) {
      try {
        const { outcome } = await this.#recorded.submit(batches, rates, step);
        this.#inFlight.push(unhandledLater(outcome.then(over)));
        return;
      } catch (error) {
        if (!(error instanceof StudioError) || error.code !== 'internal') throw error;
        this.#recorded.dispose();
        this.#recorded = null;
        this.listener.onNotice?.(
          `Steps are run one operation at a time, which is slower: they can't be replayed. ${error.message}`,
        );
      }
    }
    const options = { ...this.options, ...rates, step };
    const eager = trainStep(this.model, this.optimizer, this.parameters, batches, options);
    this.#inFlight.push(unhandledLater(eager.then(over)));
  }

  async #next(): Promise<TakenStep> {
    const [first, ...others] = this.#inFlight;
    this.#inFlight = others;
    if (!first) throw new StudioError('internal', 'No step is in flight.');
    return first;
  }
}

/** Whoever takes it hears of its failure; until then nobody does. */
function unhandledLater<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}
