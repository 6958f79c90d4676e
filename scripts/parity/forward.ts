import { DetrForObjectDetection } from '../../src/detr/model.ts';
import type { ParameterValues } from '../../src/detr/parameters.ts';
import type { DetrConfig } from '../../src/detr/types.ts';
import { matchCost } from '../../src/kernels/match-cost.ts';
import { packTargets } from '../../src/loss/targets.ts';
import { type Tensor, tf } from '../../src/tf/index.ts';
import { type Check, compare, compareExact } from './check.ts';
import type { GoldenBatch } from './golden-batch.ts';
import { GoldenTensors, goldenJson, hasGolden } from './golden-files.ts';
import { nhwcToNchw } from './layout.ts';
import { compareLosses, type GoldenLosses } from './losses.ts';

export interface ForwardFiles {
  readonly tensors: string;
  readonly losses: string;
}

/** Pictures stand channels first in the golden files; these come out of the model channels last. */
const CHANNELS_LAST = /^(backbone\.|input_projection$)/;

/** Each intermediate value of a pass, the padding mask, the positions, the losses. `prefix` goes before the names. */
export async function* checkForward(
  folder: string,
  prefix: string,
  files: ForwardFiles,
  config: DetrConfig,
  values: ParameterValues,
  batch: GoldenBatch,
): AsyncGenerator<Check> {
  const golden = await GoldenTensors.open(folder, files.tensors);
  const model = new DetrForObjectDetection(config, values);
  const pixels = tf.tensor4d(batch.pixelsNhwc, [batch.validSizes.length, batch.size.h, batch.size.w, 3]);
  const seen = new Map<string, Tensor>();
  const trace = (name: string, value: Tensor) => {
    seen.set(name, tf.keep(value.clone()));
  };
  const output = model.predict(pixels, batch.validSizes, trace);
  const input = model.prepare(pixels, batch.validSizes);
  seen.set('logits', output.logits).set('pred_boxes', output.boxes);
  for (const [name, value] of seen) {
    const goldenName = [name, `${name}.image0`].find((candidate) => golden.has(candidate));
    if (!goldenName) continue;
    const data = await value.data<'float32'>();
    const inOrder = CHANNELS_LAST.test(name) ? nhwcToNchw(data, value.shape) : data;
    const size = golden.shape(goldenName).reduce((product, n) => product * n, 1);
    yield compare(`${prefix}${goldenName}`, inOrder.slice(0, size), golden.floats(goldenName), {
      abs: toleranceOf(name),
    });
  }
  const missing = golden.names().filter((name) => !covered(name, seen));
  yield compareExact(`${prefix}every golden intermediate was produced`, missing, []);

  const mask = Array.from(await input.keyMask.data(), (value) => (value < 0 ? 1 : 0));
  yield compareExact(`${prefix}feature_pad_mask`, mask, golden.numbers('feature_pad_mask'));
  const [B = 0, h = 0, w = 0] = golden.shape('feature_pad_mask');
  const positions = nhwcToNchw(await input.positions.data<'float32'>(), [B, h, w, config.dModel]);
  yield compare(`${prefix}pos`, positions, golden.floats('pos'), { abs: 2e-6 });

  const losses = await goldenJson<GoldenLosses>(folder, files.losses);
  yield* compareLosses(prefix, output, batch.targets, config, losses);
  if (prefix === '' && hasGolden(folder, 'matcher_costs.safetensors')) {
    yield* checkMatcherCosts(folder, config, output, batch);
  }
  tf.dispose([...seen.values(), pixels]);
  input.dispose();
  model.dispose();
}

/** `fixtures/golden/README.md` has the table. */
function toleranceOf(name: string): number {
  if (name === 'pred_boxes') return 2e-5;
  return name === 'input_projection' ? 4e-4 : 2e-4;
}

function covered(name: string, seen: ReadonlyMap<string, unknown>): boolean {
  return name === 'feature_pad_mask' || name === 'pos' || seen.has(name.replace(/\.image0$/, ''));
}

async function* checkMatcherCosts(
  folder: string,
  config: DetrConfig,
  output: Awaited<ReturnType<DetrForObjectDetection['predict']>>,
  batch: GoldenBatch,
): AsyncGenerator<Check> {
  const golden = await GoldenTensors.open(folder, 'matcher_costs.safetensors');
  const targets = packTargets(batch.targets, config.labels.length);
  const cost = matchCost(output.logits, output.boxes, targets.classIds, targets.boxes, config);
  const [L, B, Q, T] = cost.shape;
  const data = await cost.data<'float32'>();
  for (let l = 0; l < L; l++) {
    for (let b = 0; b < B; b++) {
      const count = batch.targets[b]?.classIds.length ?? 0;
      const rows = Array.from({ length: Q * count }, (_, i) => {
        const q = Math.floor(i / count);
        return data[((l * B + b) * Q + q) * T + (i % count)] ?? Number.NaN;
      });
      const name = `cost.layer${l}.image${b}`;
      // Costs are sums of terms up to ten; boxes are good to 2e-5.
      if (golden.has(name)) yield compare(`matcher ${name}`, rows, golden.floats(name), { abs: 3e-4 });
    }
  }
  cost.dispose();
  targets.dispose();
}
