import type { Batch } from '../../src/data/types.ts';
import { type DetrForObjectDetection, tokenPlaces } from '../../src/detr/model.ts';
import type { TrainableParameter } from '../../src/detr/parameters.ts';
import { matchQueries } from '../../src/loss/criterion.ts';
import { packTargets } from '../../src/loss/targets.ts';
import { type Tensor, type Tensor1D, tf } from '../../src/tf/index.ts';
import { stockForward, stockFrozenStages } from './forward.ts';
import { stockLoss } from './loss.ts';

const RATES = { lr: 1e-4, lrBackbone: 1e-5, weightDecay: 1e-4, clip: 0.1 };
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** A trainer in stock operations; keeps its own moments, and borrows the model's parameters. */
export class StockTrainer {
  #step = 0;
  readonly #moments: { first: Tensor; second: Tensor }[];

  constructor(
    private readonly model: DetrForObjectDetection,
    private readonly parameters: readonly TrainableParameter[],
  ) {
    this.#moments = parameters.map(({ variable }) => ({
      first: tf.keep(tf.zeros(variable.shape)),
      second: tf.keep(tf.zeros(variable.shape)),
    }));
  }

  /** Forward, loss, backward, clipping, AdamW. Returns the loss before the update. */
  async take(batch: Batch): Promise<number> {
    this.#step++;
    const { config, parameters } = this.model;
    const pixels = tf.tensor4d(batch.pixelsNhwc, [batch.validSizes.length, batch.size.h, batch.size.w, 3]);
    const input = {
      features: tf.tidy(() => stockFrozenStages(parameters, config, pixels)),
      ...tokenPlaces(config, batch.size, batch.validSizes),
    };
    const targets = packTargets(batch.targets, config.labels.length);
    const { value, grads } = tf.variableGrads(
      () => {
        const output = stockForward(parameters, config, input);
        const slots = matchQueries(output, targets, config).reshape<Tensor1D>([-1]);
        return stockLoss(output, targets, slots, config);
      },
      this.parameters.map(({ variable }) => variable),
    );
    const norm = tf.tidy(() =>
      tf
        .stack(Object.values(grads).map((g) => g.square().sum()))
        .sum()
        .sqrt(),
    );
    tf.tidy(() => this.#update(grads, tf.minimum(1, tf.div(RATES.clip, norm.add(1e-6)))));
    const packed = tf.stack([value, norm]);
    const [loss] = await packed.data();
    tf.dispose([pixels, value, norm, packed, ...Object.values(grads)]);
    tf.dispose(input);
    targets.dispose();
    return loss ?? Number.NaN;
  }

  #update(grads: Record<string, Tensor>, clip: Tensor): void {
    for (const [i, { variable, role }] of this.parameters.entries()) {
      const gradient = grads[variable.name];
      const moments = this.#moments[i];
      if (!gradient || !moments) continue;
      const lr = role === 'backbone' ? RATES.lrBackbone : RATES.lr;
      const g = gradient.mul(clip);
      const first = moments.first.mul(BETA1).add(g.mul(1 - BETA1));
      const second = moments.second.mul(BETA2).add(g.square().mul(1 - BETA2));
      const mHat = first.div(1 - BETA1 ** this.#step);
      const vHat = second.div(1 - BETA2 ** this.#step);
      const decayed = variable.mul(1 - lr * RATES.weightDecay);
      variable.assign(decayed.sub(mHat.div(vHat.sqrt().add(EPSILON)).mul(lr)));
      tf.dispose([moments.first, moments.second]);
      this.#moments[i] = { first: tf.keep(first), second: tf.keep(second) };
    }
  }

  dispose(): void {
    for (const { first, second } of this.#moments) tf.dispose([first, second]);
  }
}
