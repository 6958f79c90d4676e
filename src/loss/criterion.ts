import type { DetrConfig, DetrOutput } from '../detr/types.ts';
import { assignTargets } from '../kernels/assignment.ts';
import { matchCost } from '../kernels/match-cost.ts';
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../tf/index.ts';
import { pairedGiou } from './giou.ts';
import type { PackedTargets } from './targets.ts';

/** The weights of matching and loss, from config.json. */
export type CriterionConfig = Pick<
  DetrConfig,
  'classCost' | 'bboxCost' | 'giouCost' | 'bboxLossCoefficient' | 'giouLossCoefficient' | 'eosCoefficient'
>;

/** Terms of one decoder layer, not yet weighted. */
export interface LayerTerms {
  readonly ce: number;
  readonly bbox: number;
  readonly giou: number;
  /** Mean over pictures of |boxes found - boxes present|. */
  readonly cardinality: number;
}

/** What the loss says of a batch. */
export interface LossTerms {
  readonly total: number;
  readonly layers: readonly LayerTerms[];
  /** Per cent of the matched queries of the last layer whose best class is another; 100 without a target. */
  readonly classError: number;
}

export interface SetLoss {
  /** The weighted sum over terms and layers. */
  readonly total: Scalar;
  /** Everything that is logged, for the step's one readback; `readLossTerms` takes it apart. */
  readonly packed: Tensor1D;
}

/**
 * Matches every decoder layer's queries with the targets: `[L, B, Q]` i32, the caller's; see `assignTargets`.
 * Has no gradient. Source: section 3.1 of the DETR paper.
 */
export function matchQueries({ logits, boxes }: DetrOutput, targets: PackedTargets, config: CriterionConfig): Tensor3D {
  const cost = matchCost(logits, boxes, targets.classIds, targets.boxes, config);
  const assigned = assignTargets(cost, targets.counts);
  cost.dispose();
  return assigned;
}

/**
 * The set loss of DETR over all decoder layers, differentiable in `logits` and `boxes`.
 *
 * Cross-entropy is divided by the sum of class weights ("no object" weighs `eosCoefficient`), box losses by the number of
 * targets in the batch, matched or not, at least 1. Call inside a tidy or a tape; results are the caller's.
 * Source: models/detr.py of facebookresearch/detr at 29901c5.
 */
export function setLoss(output: DetrOutput, targets: PackedTargets, config: CriterionConfig): SetLoss {
  const { logits, boxes } = output;
  const [L, B, Q, K] = logits.shape;
  const noObject = K - 1;
  const slots = matchQueries(output, targets, config).reshape<Tensor1D>([L * B * Q]);
  const classes = tf.gather(targets.classIds.reshape([-1]), slots); // [LBQ]
  const isObject = tf.notEqual(classes, noObject).toFloat(); // [LBQ]

  const weights = isObject.mul(1 - config.eosCoefficient).add(config.eosCoefficient);
  const logProbabilities = tf.logSoftmax(logits.reshape<Tensor2D>([L * B * Q, K]));
  const crossEntropy = logProbabilities
    .mul(tf.oneHot(classes.toInt() as Tensor1D, K).toFloat())
    .sum(-1)
    .neg();
  const perLayer = (x: Tensor): Tensor1D => x.reshape([L, B * Q]).sum<Tensor1D>(1);
  const ce = perLayer(crossEntropy.mul(weights)).div<Tensor1D>(perLayer(weights)); // [L]

  const predicted = boxes.reshape<Tensor2D>([L * B * Q, 4]);
  const wanted = tf.gather(targets.boxes.reshape<Tensor2D>([-1, 4]), slots); // [LBQ, 4]
  const divisor = Math.max(targets.total, 1);
  const l1 = predicted.sub(wanted).abs().sum(-1); // [LBQ]
  const bbox = perLayer(l1.mul(isObject)).div<Tensor1D>(divisor);
  const giouLoss = pairedGiou(predicted, wanted).reshape([-1]).neg().add(1);
  const giou = perLayer(giouLoss.mul(isObject)).div<Tensor1D>(divisor);

  const total = ce.add(bbox.mul(config.bboxLossCoefficient)).add(giou.mul(config.giouLossCoefficient)).sum() as Scalar;
  const best = logits.argMax(-1); // [L, B, Q] i32
  const found = tf.notEqual(best, noObject).toFloat().sum(-1); // [L, B]
  const cardinality = found.sub(targets.counts.toFloat()).abs().mean<Tensor1D>(-1); // [L]
  const right = tf
    .equal(best.reshape([-1]), classes)
    .toFloat()
    .mul(isObject); // [LBQ]
  const lastOf = (x: Tensor) => perLayer(x).slice([L - 1], [1]);
  const matched = lastOf(isObject);
  const classError = lastOf(right).div(tf.maximum(matched, 1)).mul(-100).add(100);
  const packed = tf.concat([total.reshape([1]), ce, bbox, giou, cardinality, classError]) as Tensor1D;
  return { total, packed };
}

/** How many numbers `packed` holds for that many decoder layers. */
export function packedLength(layers: number): number {
  return 1 + 4 * layers + 1;
}

/** Takes `packed`, read back, apart. */
export function readLossTerms(packed: ArrayLike<number>, layers: number): LossTerms {
  const at = (i: number) => packed[i] ?? Number.NaN;
  return {
    total: at(0),
    layers: Array.from({ length: layers }, (_, l) => ({
      ce: at(1 + l),
      bbox: at(1 + layers + l),
      giou: at(1 + 2 * layers + l),
      cardinality: at(1 + 3 * layers + l),
    })),
    classError: at(1 + 4 * layers),
  };
}
