import type { DetrConfig, DetrOutput } from '../detr/types.ts';
import { assignTargets } from '../kernels/assignment.ts';
import { matchCost } from '../kernels/match-cost.ts';
import { type FusedSetLoss, fusedSetLoss } from '../kernels/set-loss.ts';
import type { Tensor3D } from '../tf/index.ts';
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

/**
 * `total` is the weighted sum over terms and layers; `packed` everything that is logged, for the step's one readback, which
 * `readLossTerms` takes apart.
 */
export type SetLoss = FusedSetLoss;

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
  const slots = matchQueries(output, targets, config);
  const { classIds, boxes, counts, normaliser } = targets;
  return fusedSetLoss(output.logits, output.boxes, slots, classIds, boxes, counts, normaliser, config);
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
