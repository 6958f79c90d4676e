import type { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { ADD_INTO, addInto, sumBeginning, sumBegins } from '../kernels/add-into.ts';
import { measureVariants, takeKeptVariants } from '../kernels/kept-variants.ts';
import { guardStep } from '../kernels/step-guard.ts';
import { sumsOfSquares } from '../kernels/sum-of-squares.ts';
import { packedLength } from '../loss/criterion.ts';
import {
  copyTensor,
  currentDevice,
  emptyTensor,
  RecordedWork,
  type ReplayDifference,
  readTensors,
  releasePool,
  type Tensor,
  type Tensor1D,
  tf,
} from '../tf/index.ts';
import type { AdapterStore } from '../tf/types.ts';
import type { AdamW, AdamwRates } from './adamw.ts';
import { batchGradients, type GradientOptions } from './gradients.ts';
import { dropoutStep } from './step.ts';
import { type StepBatch, StepInputs } from './step-inputs.ts';
import { readStepLog, type StepResult } from './step-log.ts';

export interface RecordedStepOptions extends GradientOptions {
  /** Largest global gradient norm; 0 leaves gradients as they are. */
  readonly clip: number;
  /** Mini-batches a step. */
  readonly accumulate: number;
  /** Room for so many targets a picture, see `targetSlots`. */
  readonly slots: number;
  /** About how long a submission may hold the GPU. */
  readonly submissionMs: number;
  /** Where what was measured on the adapter is kept; without it nothing is measured. */
  readonly adapters?: AdapterStore;
  /** Ends the measurement early; the steps go on. */
  readonly signal?: AbortSignal;
}

/** Hears what goes on beside the steps. */
export interface StepListener {
  /** What the device refused where something else takes its place. */
  readonly onNotice?: (message: string) => void;
  /** Kernels that were measured on this adapter, of those that have to be before the first step of a shape. */
  readonly onMeasuring?: (done: number, total: number) => void;
}

const UPDATE = 'update';

/**
 * The step of `trainStep`, written down once for each shape of batch and replayed: a fixed list of dispatches over buffers that
 * stay. What changes from step to step (the batch, the rates, the step that dropout draws for) is written into
 * buffers in between; what a step came to is read while the next one is computed.
 */
export class RecordedStep {
  readonly #work: RecordedWork;
  readonly #inputs = new Map<string, StepInputs>();
  readonly #beginning = sumBeginning();
  /** Of one mini-batch, or their sums over several; each replay writes into the same. */
  readonly #gradients: readonly Tensor[];
  readonly #packed: Tensor1D;
  readonly #losses: Tensor1D;
  readonly #squares: Tensor1D;

  constructor(
    private readonly model: DetrForObjectDetection,
    private readonly optimizer: AdamW,
    private readonly parameters: readonly TrainableParameter[],
    private readonly options: RecordedStepOptions,
    private readonly listener: StepListener = {},
  ) {
    const length = packedLength(model.config.decoderLayers);
    this.#work = new RecordedWork(options.submissionMs);
    this.#gradients = parameters.map(({ variable }) => emptyTensor(variable.shape));
    this.#packed = emptyTensor([length]) as Tensor1D;
    this.#losses = emptyTensor([length * options.accumulate]) as Tensor1D;
    this.#squares = emptyTensor([parameters.length]) as Tensor1D;
  }

  /**
   * Submits a step over these mini-batches; resolves once it is submitted, with what will become of it: `outcome` throws as
   * `refuseBadStep`, and then neither this step nor a later one updates anything. Throws `internal` where the step cannot be
   * recorded; then nothing is updated, and `trainStep` can do it.
   */
  async submit(
    batches: readonly StepBatch[],
    rates: AdamwRates,
    step: number,
  ): Promise<{ readonly outcome: Promise<StepResult> }> {
    for (const [i, batch] of batches.entries()) {
      if (this.options.accumulate > 1) this.#beginning.write(sumBegins(i === 0));
      await this.#addGradients(batch, dropoutStep({ step }, i, batches));
      copyTensor(this.#packed, this.#losses, i * this.#packed.size);
    }
    this.optimizer.beginStep(step, this.parameters, rates);
    await this.#run(UPDATE, () => this.#update(), [this.#squares]);
    const { decoderLayers } = this.model.config;
    const outcome = readTensors([this.optimizer.guard, this.#losses, this.#squares]).then(([guard, losses, squares]) =>
      readStepLog({ guard, losses, squares }, decoderLayers, this.parameters, step),
    );
    // Whoever takes it hears of its failure; until then nobody does.
    outcome.catch(() => undefined);
    return { outcome };
  }

  /** Dispatches of a step over mini-batches of that shape; 0 where none was taken yet. */
  dispatches(batch: StepBatch): number {
    return this.options.accumulate * this.#work.dispatches(keyOf(batch)) + this.#work.dispatches(UPDATE);
  }

  /**
   * Where the replayed forward and backward pass over that batch first differs from the same run by tfjs; null where it does
   * not. A step over a batch of that shape has to be recorded, of one mini-batch. Updates nothing.
   */
  async firstDifference(batch: StepBatch, step: number): Promise<ReplayDifference | null> {
    const inputs = this.#inputsFor(batch, step);
    return this.#work.firstDifference(keyOf(batch), () => this.#gradientsOf(inputs));
  }

  /** Gives the memory of intermediate results back until the next step. */
  release(): void {
    this.#work.release();
  }

  dispose(): void {
    this.#work.dispose();
    for (const inputs of this.#inputs.values()) inputs.dispose();
    this.#beginning.dispose();
    tf.dispose([...this.#gradients, this.#packed, this.#losses, this.#squares]);
  }

  async #addGradients(batch: StepBatch, dropoutStep: number): Promise<void> {
    const inputs = this.#inputsFor(batch, dropoutStep);
    const isSum = this.options.accumulate > 1;
    const work = () => this.#gradientsOf(inputs);
    if (!this.#work.has(keyOf(batch))) await this.#chooseVariants(work);
    const into = isSum ? [this.#packed] : [this.#packed, ...this.#gradients];
    await this.#run(keyOf(batch), work, into);
  }

  /**
   * Has the variants of a shape's products chosen before its step is recorded with them: going through it says which there
   * are. A software adapter has nothing to choose.
   */
  async #chooseVariants(work: () => readonly Tensor[]): Promise<void> {
    const { adapters, signal } = this.options;
    const { onNotice, onMeasuring } = this.listener;
    if (!adapters || currentDevice().adapter.software) return;
    await takeKeptVariants(adapters);
    this.#work.rehearse(work);
    this.#work.release();
    const options = { ...(onMeasuring && { onProgress: onMeasuring }), ...(signal && { signal }) };
    for (const refusal of await measureVariants(adapters, options)) onNotice?.(refusal);
    releasePool();
  }

  /** The batch in the buffers for its shape. */
  #inputsFor(batch: StepBatch, dropoutStep: number): StepInputs {
    const key = keyOf(batch);
    const held = this.#inputs.get(key);
    if (held) held.write(batch, dropoutStep);
    const inputs = held ?? new StepInputs(this.model.config, batch, dropoutStep, this.options.slots);
    this.#inputs.set(key, inputs);
    return inputs;
  }

  #gradientsOf(inputs: StepInputs): Tensor[] {
    const { gradients, packedLoss } = batchGradients(this.model, inputs, this.parameters, this.options);
    if (this.options.accumulate === 1) return [packedLoss, ...gradients];
    for (const [i, sum] of this.#gradients.entries()) addInto(sum, gradients[i] as Tensor, this.#beginning);
    tf.dispose([...gradients]);
    return [packedLoss];
  }

  #update(): Tensor[] {
    const squares = sumsOfSquares(this.#gradients);
    guardStep(this.optimizer.guard, {
      squares,
      losses: this.#losses,
      batches: this.options.accumulate,
      clip: this.options.clip,
    });
    this.optimizer.update(this.parameters, this.#gradients);
    return [squares];
  }

  async #run(key: string, work: () => readonly Tensor[], into: readonly Tensor[]): Promise<void> {
    if (!this.#work.has(key)) await this.#work.record(key, work, { into, hoist: (label) => label === ADD_INTO });
    await this.#work.replay(key);
  }
}

/** What decides which programs a step runs, and over how much. */
function keyOf({ size, validSizes }: StepBatch): string {
  return `${validSizes.length} x ${size.h} x ${size.w}`;
}
