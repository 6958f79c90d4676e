import type { Target } from '../../src/data/types.ts';
import type { DetrOutput } from '../../src/detr/types.ts';
import { type CriterionConfig, matchQueries, readLossTerms, setLoss } from '../../src/loss/criterion.ts';
import { packTargets } from '../../src/loss/targets.ts';
import { tf } from '../../src/tf/index.ts';
import { type Check, compareExact, compareNumber, type Tolerance } from './check.ts';

/** The losses of one batch as the golden files hold them. */
export interface GoldenLosses {
  readonly total: number;
  readonly class_error: number;
  readonly layers: readonly {
    readonly matcher: readonly { readonly pred: readonly number[]; readonly target: readonly number[] }[];
    readonly loss_ce: number;
    readonly loss_bbox: number;
    readonly loss_giou: number;
    readonly cardinality_error: number;
  }[];
}

/** What a mean of small counts is off by when it is computed in f32. */
const COUNT: Tolerance = { abs: 1e-4 };

/** Matching of every layer, each term, and the total. Borrows `output`. */
export async function* compareLosses(
  prefix: string,
  output: DetrOutput,
  targets: readonly Target[],
  config: CriterionConfig,
  golden: GoldenLosses,
  tolerance: Tolerance = { rel: 1e-4 },
): AsyncGenerator<Check> {
  const [layers, images, queries, classes] = output.logits.shape;
  const packed = packTargets(targets, classes - 1);
  const slots = packed.classIds.shape[1];
  const assigned = matchQueries(output, packed, config);
  const loss = tf.tidy(() => setLoss(output, packed, config).packed);
  const terms = readLossTerms(await loss.data(), layers);
  const matching = readMatching(await assigned.data(), { layers, images, queries, slots });
  tf.dispose([assigned, loss]);
  packed.dispose();

  yield compareNumber(`${prefix}loss total`, terms.total, golden.total, tolerance);
  yield compareNumber(`${prefix}class_error`, terms.classError, golden.class_error, COUNT);
  for (const [l, layer] of golden.layers.entries()) {
    const found = terms.layers[l];
    const at = `${prefix}layer ${l}`;
    yield compareExact(`${at} matching`, matching[l], layer.matcher);
    yield compareNumber(`${at} loss_ce`, found?.ce ?? Number.NaN, layer.loss_ce, tolerance);
    yield compareNumber(`${at} loss_bbox`, found?.bbox ?? Number.NaN, layer.loss_bbox, tolerance);
    yield compareNumber(`${at} loss_giou`, found?.giou ?? Number.NaN, layer.loss_giou, tolerance);
    yield compareNumber(`${at} cardinality_error`, found?.cardinality ?? Number.NaN, layer.cardinality_error, COUNT);
  }
}

/** From each query's slot to pairs in the order of queries, `target` by its number in the picture. */
function readMatching(
  slotsOfQueries: ArrayLike<number>,
  { layers, images, queries, slots }: { layers: number; images: number; queries: number; slots: number },
): { pred: number[]; target: number[] }[][] {
  return Array.from({ length: layers }, (_, l) =>
    Array.from({ length: images }, (_, b) => {
      const pairs: { pred: number[]; target: number[] } = { pred: [], target: [] };
      for (let q = 0; q < queries; q++) {
        const t = (slotsOfQueries[(l * images + b) * queries + q] ?? 0) - b * slots;
        if (t === slots - 1) continue;
        pairs.pred.push(q);
        pairs.target.push(t);
      }
      return pairs;
    }),
  );
}
