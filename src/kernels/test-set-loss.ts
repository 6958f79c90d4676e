import { seededRandom } from '../base/random.ts';
import {
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tf,
} from '../tf/index.ts';

/** DETR's own. */
export const WEIGHTS = { eosCoefficient: 0.1, bboxLossCoefficient: 5, giouLossCoefficient: 2 };

/** A batch after matching, on the CPU. */
export interface Numbers {
  readonly shape: [L: number, B: number, Q: number, K: number];
  readonly T: number;
  readonly logits: Float32Array;
  readonly boxes: Float32Array;
  readonly slots: Int32Array;
  readonly classIds: Int32Array;
  readonly targetBoxes: Float32Array;
  readonly counts: Int32Array;
}

/** A random batch whose images have that many targets; each decoder layer gives them to other queries. */
export function drawn(shape: Numbers['shape'], counts: readonly number[]): Numbers {
  const [L, B, Q, K] = shape;
  const T = Math.max(4, ...counts);
  const random = seededRandom(L * 1000 + Q);
  const draw = (n: number, f: () => number) => Float32Array.from({ length: n }, f);
  const classIds = new Int32Array(B * (T + 1)).fill(K - 1);
  const targetBoxes = Float32Array.from({ length: B * (T + 1) * 4 }, (_, i) => (i % 4 < 2 ? 0.5 : 1));
  const slots = new Int32Array(L * B * Q);
  counts.forEach((count, b) => {
    for (let t = 0; t < count; t++) {
      classIds[b * (T + 1) + t] = random.below(K - 1);
      targetBoxes.set(
        draw(4, () => 0.1 + 0.8 * random.uniform()),
        (b * (T + 1) + t) * 4,
      );
    }
    for (let l = 0; l < L; l++) {
      const at = (l * B + b) * Q;
      slots.fill(b * (T + 1) + T, at, at + Q);
      const step = random.below(Q);
      for (let t = 0; t < Math.min(count, Q); t++) slots[at + ((t + step) % Q)] = b * (T + 1) + t;
    }
  });
  const logits = draw(L * B * Q * K, () => 8 * random.uniform() - 4);
  const boxes = draw(L * B * Q * 4, () => 0.1 + 0.8 * random.uniform());
  return { shape, T, logits, boxes, slots, classIds, targetBoxes, counts: Int32Array.from(counts) };
}

const total = (counts: Int32Array) =>
  Math.max(
    counts.reduce((sum, n) => sum + n, 0),
    1,
  );

/** `packed` in float64, from the definitions; the derivatives come from differences of it. */
export function reference(
  numbers: Numbers,
  logits: ArrayLike<number>,
  boxes: ArrayLike<number>,
  weights = WEIGHTS,
): number[] {
  const { shape, slots, classIds, targetBoxes, counts } = numbers;
  const [L, B, Q, K] = shape;
  const at = (a: ArrayLike<number>, i: number) => a[i] ?? Number.NaN;
  const layers = Array.from({ length: L }, (_, l) => {
    let [ce, weightSum, l1, giou, cardinality, matched, right] = [0, 0, 0, 0, 0, 0, 0];
    for (let b = 0; b < B; b++) {
      let found = 0;
      for (let q = 0; q < Q; q++) {
        const row = (l * B + b) * Q + q;
        const slot = at(slots, row);
        const wanted = at(classIds, slot);
        const x = Array.from({ length: K }, (_, k) => at(logits, row * K + k));
        const best = x.indexOf(Math.max(...x));
        const weight = wanted === K - 1 ? weights.eosCoefficient : 1;
        ce += weight * (Math.log(x.reduce((sum, value) => sum + Math.exp(value), 0)) - at(x, wanted));
        weightSum += weight;
        if (best !== K - 1) found++;
        if (wanted === K - 1) continue;
        matched++;
        if (best === wanted) right++;
        const [px, py, pw, ph, tx, ty, tw, th] = [0, 1, 2, 3]
          .map((i) => at(boxes, row * 4 + i))
          .concat([0, 1, 2, 3].map((i) => at(targetBoxes, slot * 4 + i))) as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        l1 += Math.abs(px - tx) + Math.abs(py - ty) + Math.abs(pw - tw) + Math.abs(ph - th);
        const overlap = (p: number, ps: number, t: number, ts: number) =>
          Math.max(0, Math.min(p + ps / 2, t + ts / 2) - Math.max(p - ps / 2, t - ts / 2));
        const hull = (p: number, ps: number, t: number, ts: number) =>
          Math.max(p + ps / 2, t + ts / 2) - Math.min(p - ps / 2, t - ts / 2);
        const inter = overlap(px, pw, tx, tw) * overlap(py, ph, ty, th);
        const union = pw * ph + tw * th - inter;
        const around = hull(px, pw, tx, tw) * hull(py, ph, ty, th);
        giou += 1 - (inter / union - (around - union) / around);
      }
      cardinality += Math.abs(found - at(counts, b)) / B;
    }
    const n = total(counts);
    return {
      ce: ce / weightSum,
      l1: l1 / n,
      giou: giou / n,
      cardinality,
      classError: 100 - (100 * right) / Math.max(matched, 1),
    };
  });
  const sum = layers.reduce(
    (all, { ce, l1, giou }) => all + ce + weights.bboxLossCoefficient * l1 + weights.giouLossCoefficient * giou,
    0,
  );
  const terms = (['ce', 'l1', 'giou', 'cardinality'] as const).flatMap((name) => layers.map((layer) => layer[name]));
  return [sum, ...terms, layers.at(-1)?.classError ?? Number.NaN];
}

/** The same on the GPU. */
export interface Tensors {
  readonly logits: Tensor4D;
  readonly boxes: Tensor4D;
  /** The other tensors that the loss takes, in its order. */
  readonly rest: readonly [
    slots: Tensor3D,
    classIds: Tensor2D,
    targetBoxes: Tensor3D,
    counts: Tensor1D,
    normaliser: Tensor1D,
  ];
}

/** Uploads a batch; the tensors are the caller's. */
export function uploaded({ shape: [L, B, Q, K], T, ...numbers }: Numbers): Tensors {
  const logits = tf.tensor4d(numbers.logits, [L, B, Q, K]);
  const boxes = tf.tensor4d(numbers.boxes, [L, B, Q, 4]);
  const slots = tf.tensor3d(numbers.slots, [L, B, Q], 'int32');
  const classIds = tf.tensor2d(numbers.classIds, [B, T + 1], 'int32');
  const targetBoxes = tf.tensor3d(numbers.targetBoxes, [B, T + 1, 4]);
  const counts = tf.tensor1d(numbers.counts, 'int32');
  return { logits, boxes, rest: [slots, classIds, targetBoxes, counts, tf.tensor1d([total(numbers.counts)])] };
}

/** `fusedSetLoss`, or its twin. */
export type Loss = (
  logits: Tensor4D,
  boxes: Tensor4D,
  rest: Tensors['rest'],
  weights: typeof WEIGHTS,
) => { total: Scalar; packed: Tensor1D };

/** The same in stock operations. */
export const composed: Loss = (logits, boxes, [slots, classIds, targetBoxes, counts, normaliser], weights) => {
  const [L, B, Q, K] = logits.shape;
  const flat = slots.reshape<Tensor1D>([L * B * Q]);
  const classes = tf.gather(classIds.reshape([-1]), flat);
  const isObject = tf.notEqual(classes, K - 1).toFloat();
  const weight = isObject.mul(1 - weights.eosCoefficient).add(weights.eosCoefficient);
  const crossEntropy = tf
    .logSoftmax(logits.reshape<Tensor2D>([L * B * Q, K]))
    .mul(tf.oneHot(classes.toInt() as Tensor1D, K).toFloat())
    .sum(-1)
    .neg();
  const perLayer = (x: Tensor) => x.reshape([L, B * Q]).sum<Tensor1D>(1);
  const ce = perLayer(crossEntropy.mul(weight)).div<Tensor1D>(perLayer(weight));
  const p = boxes.reshape<Tensor2D>([L * B * Q, 4]);
  const t = tf.gather(targetBoxes.reshape<Tensor2D>([-1, 4]), flat);
  const bbox = perLayer(p.sub(t).abs().sum(-1).mul(isObject)).div<Tensor1D>(normaliser);

  const side = (x: Tensor2D, axis: number, sign: number): [Tensor, Tensor] => {
    const size = x.slice([0, axis + 2], [-1, 1]);
    return [x.slice([0, axis], [-1, 1]).add(size.mul(0.5 * sign)), size];
  };
  const axes = [0, 1].map((axis) => {
    const [[p0, pSize], [p1], [t0, tSize], [t1]] = [
      side(p, axis, -1),
      side(p, axis, 1),
      side(t, axis, -1),
      side(t, axis, 1),
    ];
    const overlap = tf.relu(tf.minimum(p1, t1).sub(tf.maximum(p0, t0)));
    return { overlap, hull: tf.maximum(p1, t1).sub(tf.minimum(p0, t0)), pSize, tSize };
  });
  const [x, y] = axes;
  if (!x || !y) throw new Error('unreachable: there are two axes');
  const inter = x.overlap.mul(y.overlap);
  const union = x.pSize.mul(y.pSize).add(x.tSize.mul(y.tSize)).sub(inter);
  const hull = x.hull.mul(y.hull);
  const giouLoss = inter.div(union).sub(hull.sub(union).div(hull)).reshape([-1]).neg().add(1);
  const giou = perLayer(giouLoss.mul(isObject)).div<Tensor1D>(normaliser);

  const sum = ce.add(bbox.mul(weights.bboxLossCoefficient)).add(giou.mul(weights.giouLossCoefficient)).sum() as Scalar;
  const best = logits.argMax(-1);
  const found = tf
    .notEqual(best, K - 1)
    .toFloat()
    .sum(-1);
  const cardinality = found.sub(counts.toFloat()).abs().mean<Tensor1D>(-1);
  const right = tf
    .equal(best.reshape([-1]), classes)
    .toFloat()
    .mul(isObject);
  const last = (values: Tensor) => perLayer(values).slice([L - 1], [1]);
  const classError = last(right)
    .div(tf.maximum(last(isObject), 1))
    .mul(-100)
    .add(100);
  return { total: sum, packed: tf.concat([sum.reshape([1]), ce, bbox, giou, cardinality, classError]) as Tensor1D };
};
