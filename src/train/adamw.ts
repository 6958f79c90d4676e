import { StudioError } from '../base/errors.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { readFloats } from '../detr/parameters.ts';
import { adamwRates, adamwUpdate } from '../kernels/adamw.ts';
import { openGuard } from '../kernels/step-guard.ts';
import { type Tensor, type Tensor1D, tf, UniformInput } from '../tf/index.ts';

const CONSTANTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const ROLES = ['backbone', 'transformer'] as const;

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

/** AdamW over a model's trainable tensors, with torch's defaults for betas and epsilon. Owns the moments. */
export class AdamW {
  /** Decides on the GPU whether an update is made, see `guardStep`. */
  readonly guard: Tensor1D = tf.keep(openGuard());
  #step: number;
  readonly #rates = { backbone: noRates(), transformer: noRates() };
  readonly #moments: readonly { readonly first: Tensor; readonly second: Tensor }[];

  /**
   * Starts from zero moments, or from saved ones with the number of steps behind them. Throws `bad-weights` where those lack a
   * tensor, or hold one of another size.
   */
  constructor(
    private readonly parameters: readonly TrainableParameter[],
    saved?: { readonly step: number; readonly moments: ReadonlyMap<string, Moments> },
  ) {
    this.#step = saved?.step ?? 0;
    this.#moments = parameters.map(({ name, variable }) => {
      const moments = saved && savedMoments(saved.moments, name, variable.size);
      const make = (data?: Float32Array) =>
        tf.keep(data ? tf.tensor(data, variable.shape, 'float32') : tf.zeros(variable.shape));
      return { first: make(moments?.first), second: make(moments?.second) };
    });
  }

  /** The last step that was begun. */
  get step(): number {
    return this.#step;
  }

  /** Begins the step of that number, from 1: what `update` does from now on, it does at these rates. */
  beginStep(step: number, { lr, lrBackbone, weightDecay }: AdamwRates): void {
    this.#step = step;
    this.#rates.backbone.write(adamwRates({ lr: lrBackbone, weightDecay, step }, CONSTANTS));
    this.#rates.transformer.write(adamwRates({ lr, weightDecay, step }, CONSTANTS));
  }

  /**
   * Updates every tensor in place from its gradient, scaled as the guard says, or none where it forbids it; gradients are
   * borrowed and in the order of the parameters. Can be recorded.
   */
  update(gradients: readonly Tensor[]): void {
    for (const role of ROLES) {
      const tensors = this.parameters.flatMap((parameter, i) => {
        const gradient = gradients[i];
        const moments = this.#moments[i];
        if (parameter.role !== role || !gradient || !moments) return [];
        return [{ parameter: parameter.variable, gradient, ...moments }];
      });
      adamwUpdate(tensors, this.guard, this.#rates[role], CONSTANTS);
    }
  }

  /** Reads the moments back, by parameter name. */
  async moments(): Promise<Map<string, Moments>> {
    const result = new Map<string, Moments>();
    for (const [i, { name }] of this.parameters.entries()) {
      const moments = this.#moments[i];
      if (moments)
        result.set(name, { first: await readFloats(moments.first), second: await readFloats(moments.second) });
    }
    return result;
  }

  dispose(): void {
    for (const { first, second } of this.#moments) tf.dispose([first, second]);
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
