import { setLoss } from '../../src/loss/criterion.ts';
import { packTargets } from '../../src/loss/targets.ts';
import { type Tensor4D, tf } from '../../src/tf/index.ts';
import { type Check, compare } from './check.ts';
import { goldenTargets } from './golden-batch.ts';
import { GoldenTensors, goldenJson } from './golden-files.ts';
import { compareLosses, type GoldenLosses } from './losses.ts';

interface GoldenCriterion {
  readonly eos_coef: number;
  readonly weights: { readonly loss_bbox: number; readonly loss_giou: number };
  readonly cases: Readonly<Record<string, GoldenLosses>>;
}

/** The reference's matcher, whose weights do not stand in the file. */
const MATCHER = { classCost: 1, bboxCost: 5, giouCost: 2 };

/** Matching and set loss without a network, and the gradients of the total with respect to logits and boxes. */
export async function* checkCriterion(folder: string): AsyncGenerator<Check> {
  const { cases, eos_coef, weights } = await goldenJson<GoldenCriterion>(folder, 'criterion.json');
  const golden = await GoldenTensors.open(folder, 'criterion.safetensors');
  const config = {
    ...MATCHER,
    bboxLossCoefficient: weights.loss_bbox,
    giouLossCoefficient: weights.loss_giou,
    eosCoefficient: eos_coef,
  };
  for (const [name, losses] of Object.entries(cases)) {
    const shape = golden.shape(`${name}.logits`);
    const [L = 0, B = 0, Q = 0, K = 0] = shape;
    const logits = tf.tensor4d(golden.floats(`${name}.logits`), [L, B, Q, K]);
    const boxes = tf.tensor4d(golden.floats(`${name}.pred_boxes`), [L, B, Q, 4]);
    const targets = goldenTargets(golden, B, `${name}.`);
    yield* compareLosses(`criterion ${name}: `, { logits, boxes }, targets, config, losses, { rel: 1e-5 });

    const packed = packTargets(targets, K - 1);
    const total = (l: Tensor4D, b: Tensor4D) => setLoss({ logits: l, boxes: b }, packed, config).total;
    const [byLogits, byBoxes] = tf.grads((l, b) => total(l as Tensor4D, b as Tensor4D))([logits, boxes]);
    for (const [what, gradient] of [
      ['logits', byLogits],
      ['pred_boxes', byBoxes],
    ] as const) {
      const actual = (await gradient?.data<'float32'>()) ?? [];
      const expected = golden.floats(`${name}.grad_${what}`);
      yield compare(`criterion ${name}: gradient by ${what}`, actual, expected, { abs: 1e-6 });
    }
    tf.dispose([logits, boxes, ...(byLogits ? [byLogits] : []), ...(byBoxes ? [byBoxes] : [])]);
    packed.dispose();
  }
}
