import { StudioError } from '../base/errors.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { readFloats } from '../detr/parameters.ts';
import { adamwUpdate } from '../kernels/adamw.ts';
import { type Tensor, tf } from '../tf/index.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Both moments of a tensor, as they are saved. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export interface AdamwRates {
  readonly lr: number;
  readonly lrBackbone: number;
  readonly weightDecay: number;
  /** What every gradient is multiplied by first. */
  readonly gradientScale: number;
}

/** AdamW over a model's trainable tensors, with torch's defaults for betas and epsilon. Owns the moments. */
export class AdamW {
  #step: number;
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

  /** How many updates are behind the moments. */
  get step(): number {
    return this.#step;
  }

  /** Updates every tensor in place from its gradient; gradients are borrowed and in the order of the parameters. */
  update(gradients: readonly Tensor[], { lr, lrBackbone, weightDecay, gradientScale }: AdamwRates): void {
    this.#step++;
    const constants = {
      weightDecay,
      beta1: BETA1,
      beta2: BETA2,
      epsilon: EPSILON,
      gradientScale,
      step: this.#step,
    };
    for (const role of ['backbone', 'transformer'] as const) {
      const tensors = this.parameters.flatMap((parameter, i) => {
        const gradient = gradients[i];
        const moments = this.#moments[i];
        if (parameter.role !== role || !gradient || !moments) return [];
        return [{ parameter: parameter.variable, gradient, ...moments }];
      });
      adamwUpdate(tensors, { ...constants, lr: role === 'backbone' ? lrBackbone : lr });
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
  }
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
