import { cxcywhToXyxy, xyxyToCxcywh } from '../../src/base/boxes.ts';
import { iou } from '../../src/base/iou.ts';
import { matchCost } from '../../src/kernels/match-cost.ts';
import { fusedSetLoss } from '../../src/kernels/set-loss.ts';
import { boxArea } from '../../src/metrics/coco-overlaps.ts';
import { type Tensor4D, tf } from '../../src/tf/index.ts';
import { type Check, compare } from './check.ts';
import { GoldenTensors } from './golden-files.ts';

const TOLERANCE = { abs: 1e-6 };

/** Conversions, and IoU, union, GIoU and L1 of each box of one list with each of another, on the CPU and on the GPU. */
export async function* checkBoxes(folder: string): AsyncGenerator<Check> {
  const golden = await GoldenTensors.open(folder, 'boxes.safetensors');
  const corners = { a: quadruples(golden.floats('a_xyxy')), b: quadruples(golden.floats('b_xyxy')) };
  for (const side of ['a', 'b'] as const) {
    const converted = quadruples(golden.floats(`${side}_cxcywh`)).flatMap((box) => cxcywhToXyxy(box));
    yield compare(`boxes ${side}: centre to corners`, converted, golden.floats(`${side}_xyxy`), TOLERANCE);
  }
  const back = corners.a.flatMap((box) => xyxyToCxcywh(box));
  yield compare('boxes a: corners to centre', back, golden.floats('a_back_to_cxcywh'), TOLERANCE);

  const pairs = corners.a.flatMap((a) => corners.b.map((b) => ({ a: a, b: b })));
  const overlaps = pairs.map(({ a, b }) => iou(a, b));
  yield compare('boxes IoU', overlaps, golden.floats('iou'), TOLERANCE);
  // What both cover follows from their areas and the overlap: IoU = (areas - union) / union.
  const unions = pairs.map(
    ({ a, b }, i) => (boxArea({ boxXyxy: a }) + boxArea({ boxXyxy: b })) / (1 + (overlaps[i] ?? 0)),
  );
  yield compare('boxes union', unions, golden.floats('union'), TOLERANCE);

  const a = golden.floats('a_cxcywh');
  const b = golden.floats('b_cxcywh');
  const negated = await matcherTerm(a, b, { classCost: 0, bboxCost: 0, giouCost: 1 });
  yield compare(
    'boxes GIoU of the matcher',
    negated.map((x) => -x),
    golden.floats('giou'),
    TOLERANCE,
  );
  const l1 = await matcherTerm(a, b, { classCost: 0, bboxCost: 1, giouCost: 0 });
  yield compare('boxes L1 of the matcher', l1, golden.floats('l1_cdist'), TOLERANCE);
}

/** The GIoU loss of pairs of boxes, and the gradient of its sum with respect to the first of each pair. */
export async function* checkGiouGradient(folder: string): AsyncGenerator<Check> {
  const golden = await GoldenTensors.open(folder, 'giou_grad.safetensors');
  const predicted = golden.floats('pred_cxcywh');
  const pairs = predicted.length / 4;
  // A decoder layer a pair, so that the loss tells each by itself.
  const input = {
    logits: tf.zeros([pairs, 1, 1, 2]) as Tensor4D,
    boxes: tf.tensor4d(predicted, [pairs, 1, 1, 4]),
    slots: tf.tensor3d(
      Int32Array.from({ length: pairs }, (_, i) => i),
      [pairs, 1, 1],
      'int32',
    ),
    classIds: tf.tensor2d(Int32Array.from([...new Int32Array(pairs), 1]), [1, pairs + 1], 'int32'),
    targets: tf.tensor3d(Float32Array.from([...golden.floats('target_cxcywh'), 0.5, 0.5, 1, 1]), [1, pairs + 1, 4]),
    counts: tf.tensor1d([pairs], 'int32'),
    normaliser: tf.tensor1d([1]),
  };
  const lossOf = (boxes: Tensor4D) =>
    fusedSetLoss(input.logits, boxes, input.slots, input.classIds, input.targets, input.counts, input.normaliser, {
      eosCoefficient: 0.1,
      bboxLossCoefficient: 0,
      giouLossCoefficient: 1,
    });
  const { total, packed } = lossOf(input.boxes);
  const gradient = tf.grad((boxes) => lossOf(boxes as Tensor4D).total)(input.boxes);
  const perPair = (await packed.data<'float32'>()).slice(1 + 2 * pairs, 1 + 3 * pairs);
  yield compare('GIoU loss of each pair', perPair, golden.floats('loss_per_pair'), TOLERANCE);
  const expected = golden.floats('grad_pred_of_sum');
  // Neighbouring 32-bit floats lie 5e-7 apart at 4 already: the tolerance grows with the largest element.
  const largest = expected.reduce((most, g) => Math.max(most, Math.abs(g)), 1);
  const allowed = { abs: TOLERANCE.abs * largest };
  yield compare('GIoU loss, gradient', await gradient.data<'float32'>(), expected, allowed);
  tf.dispose([total, packed, gradient, ...Object.values(input)]);
}

type Quadruple = readonly [number, number, number, number];

function quadruples(data: ArrayLike<number>): Quadruple[] {
  const at = (i: number) => data[i] ?? Number.NaN;
  return Array.from({ length: data.length / 4 }, (_, i) => [at(4 * i), at(4 * i + 1), at(4 * i + 2), at(4 * i + 3)]);
}

/** The matcher's cost kernel on boxes alone: `[n * m]`. */
async function matcherTerm(
  a: Float32Array,
  b: Float32Array,
  weights: Parameters<typeof matchCost>[4],
): Promise<Float32Array> {
  const [n, m] = [a.length / 4, b.length / 4];
  const input = {
    logits: tf.zeros([1, 1, n, 2]) as Tensor4D,
    boxes: tf.tensor4d(a, [1, 1, n, 4]),
    classIds: tf.zeros([1, m + 1], 'int32'),
    // The last slot is not read.
    targets: tf.tensor3d(Float32Array.from([...b, 0.5, 0.5, 1, 1]), [1, m + 1, 4]),
  };
  const cost = matchCost(input.logits, input.boxes, input.classIds, input.targets, weights);
  const data = await cost.data<'float32'>();
  tf.dispose([cost, ...Object.values(input)]);
  return data;
}
