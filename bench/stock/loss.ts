import type { DetrConfig, DetrOutput } from '../../src/detr/types.ts';
import type { PackedTargets } from '../../src/loss/targets.ts';
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from '../../src/tf/index.ts';

/** DETR's set loss for a given matching, in stock operations. */
export function stockLoss(output: DetrOutput, targets: PackedTargets, slots: Tensor1D, config: DetrConfig): Scalar {
  const [L, B, Q, K] = output.logits.shape;
  const classes = tf.gather(targets.classIds.reshape([-1]), slots);
  const isObject = tf.notEqual(classes, K - 1).toFloat();
  const weights = isObject.mul(1 - config.eosCoefficient).add(config.eosCoefficient);
  const logProbabilities = tf.logSoftmax(output.logits.reshape<Tensor2D>([L * B * Q, K]));
  const oneHot = tf.oneHot(classes.toInt() as Tensor1D, K).toFloat();
  const perLayer = (x: Tensor) => x.reshape([L, B * Q]).sum(1);
  const ce = perLayer(logProbabilities.mul(oneHot).sum(-1).neg().mul(weights)).div(perLayer(weights));
  const predicted = output.boxes.reshape<Tensor2D>([L * B * Q, 4]);
  const wanted = tf.gather(targets.boxes.reshape<Tensor2D>([-1, 4]), slots);
  const divisor = targets.normaliser;
  const bbox = perLayer(predicted.sub(wanted).abs().sum(-1).mul(isObject)).div(divisor);
  const giou = perLayer(tf.sub(1, pairedGiou(predicted, wanted)).mul(isObject)).div(divisor);
  return ce.add(bbox.mul(config.bboxLossCoefficient)).add(giou.mul(config.giouLossCoefficient)).sum() as Scalar;
}

function pairedGiou(a: Tensor2D, b: Tensor2D): Tensor {
  const column = (x: Tensor2D, i: number) => x.slice([0, i], [-1, 1]).reshape([-1]);
  const edges = (x: Tensor2D, i: number) => {
    const half = column(x, i + 2).mul(0.5);
    return { low: column(x, i).sub(half), high: column(x, i).add(half), length: column(x, i + 2) };
  };
  const [ax, ay, bx, by] = [edges(a, 0), edges(a, 1), edges(b, 0), edges(b, 1)];
  const overlap = (p: typeof ax, q: typeof ax) => tf.relu(tf.minimum(p.high, q.high).sub(tf.maximum(p.low, q.low)));
  const span = (p: typeof ax, q: typeof ax) => tf.maximum(p.high, q.high).sub(tf.minimum(p.low, q.low));
  const inter = overlap(ax, bx).mul(overlap(ay, by));
  const union = ax.length.mul(ay.length).add(bx.length.mul(by.length)).sub(inter);
  const hull = span(ax, bx).mul(span(ay, by));
  return inter.div(union).sub(hull.sub(union).div(hull));
}
