import { StudioError } from '../base/errors.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { readFloats } from '../detr/parameters.ts';
import { adamwRates, adamwUpdate } from '../kernels/adamw.ts';
import { openGuard } from '../kernels/step-guard.ts';
import { type Tensor, type Tensor1D, tf, UniformInput } from '../tf/index.ts';

const CONSTANTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const ROLES = ['backbone', 'transformer', 'class-head'] as const;

/** Both moments of a tensor, as they are saved. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export interface AdamwRates {
  readonly lr: number;
  readonly lrBackbone: number;
  readonly weightDecay: number;
}

/** What an optimiser goes on from. */
export interface SavedOptimizer {
  /** Updates behind the moments. */
  readonly step: number;
  /** How many of these were of the class head alone. */
  readonly headOnlySteps: number;
  readonly moments: ReadonlyMap<string, Moments>;
}

/**
 * AdamW over a model's trainable tensors, with torch's defaults for betas and epsilon. Owns the moments.
 *
 * Steps may update the class head alone before the others begin: those then start from zero moments and count their own
 * updates, as a parameter group does that is added to torch's optimiser at that step.
 */
export class AdamW {
  /** Decides on the GPU whether an update is made, see `guardStep`. */
  readonly guard: Tensor1D = tf.keep(openGuard());
  #step: number;
  #headOnlySteps: number;
  readonly #rates = { backbone: noRates(), transformer: noRates(), 'class-head': noRates() };
  readonly #moments: ReadonlyMap<string, { readonly first: Tensor; readonly second: Tensor }>;

  /**
   * Starts from zero moments, or from saved ones. Throws `bad-weights` where those lack a tensor, or hold one of another
   * size.
   */
  constructor(parameters: readonly TrainableParameter[], saved?: SavedOptimizer) {
    this.#step = saved?.step ?? 0;
    this.#headOnlySteps = saved?.headOnlySteps ?? 0;
    this.#moments = new Map(
      parameters.map(({ name, variable }) => {
        const moments = saved && savedMoments(saved.moments, name, variable.size);
        const make = (data?: Float32Array) =>
          tf.keep(data ? tf.tensor(data, variable.shape, 'float32') : tf.zeros(variable.shape));
        return [name, { first: make(moments?.first), second: make(moments?.second) }];
      }),
    );
  }

  /** The last step that was begun. */
  get step(): number {
    return this.#step;
  }

  /** How many of the steps were of the class head alone. */
  get headOnlySteps(): number {
    return this.#headOnlySteps;
  }

  /**
   * Begins the step of that number, from 1, which updates these tensors, all of them or the class head's: what `update` does
   * from now on, it does at these rates.
   */
  beginStep(
    step: number,
    parameters: readonly TrainableParameter[],
    { lr, lrBackbone, weightDecay }: AdamwRates,
  ): void {
    this.#step = step;
    if (parameters.every(({ role }) => role === 'class-head')) this.#headOnlySteps = step;
    const later = Math.max(1, step - this.#headOnlySteps);
    this.#rates.backbone.write(adamwRates({ lr: lrBackbone, weightDecay, step: later }, CONSTANTS));
    this.#rates.transformer.write(adamwRates({ lr, weightDecay, step: later }, CONSTANTS));
    this.#rates['class-head'].write(adamwRates({ lr, weightDecay, step }, CONSTANTS));
  }

  /**
   * Updates the tensors of the step in place from their gradients, scaled as the guard says, or none where it forbids it;
   * gradients are borrowed and in the order of the parameters. Can be recorded.
   */
  update(parameters: readonly TrainableParameter[], gradients: readonly Tensor[]): void {
    for (const role of ROLES) {
      const tensors = parameters.flatMap((parameter, i) => {
        const gradient = gradients[i];
        const moments = this.#moments.get(parameter.name);
        if (parameter.role !== role || !gradient || !moments) return [];
        return [{ parameter: parameter.variable, gradient, ...moments }];
      });
      adamwUpdate(tensors, this.guard, this.#rates[role], CONSTANTS);
    }
  }

  /** Reads the moments back, by parameter name. */
  async moments(): Promise<Map<string, Moments>> {
    const result = new Map<string, Moments>();
    for (const [name, { first, second }] of this.#moments) {
      result.set(name, { first: await readFloats(first), second: await readFloats(second) });
    }
    return result;
  }

  dispose(): void {
    for (const { first, second } of this.#moments.values()) tf.dispose([first, second]);
    this.guard.dispose();
    for (const role of ROLES) this.#rates[role].dispose();
  }
}

function noRates(): UniformInput {
  return new UniformInput(new Float32Array(4));
}

function savedMoments(all: ReadonlyMap<string, Moments>, name: string, size: number): Moments {
  const moments = all.get(name);
  if (moments?.first.length === size && moments.second.length === size) return moments;
  const found = moments ? `${moments.first.length} and ${moments.second.length} numbers` : 'nothing';
  throw new StudioError(
    'bad-weights',
    `The optimiser's state holds ${found} for the tensor "${name}"; expected ${size} twice. Start a new run from the weights.`,
    { tensor: name },
  );
}
