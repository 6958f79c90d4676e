import type { Target } from '../../src/data/types.ts';
import { DetrForObjectDetection } from '../../src/detr/model.ts';
import { type ParameterSpec, parameterSpecs } from '../../src/detr/parameter-specs.ts';
import type { ParameterValues } from '../../src/detr/parameters.ts';
import type { DetrConfig } from '../../src/detr/types.ts';
import { toCheckpointLayout, toGpuLayout } from '../../src/interop/key-map.ts';
import { type Tensor, tf } from '../../src/tf/index.ts';
import { batchGradients } from '../../src/train/gradients.ts';
import { StepInputs } from '../../src/train/step-inputs.ts';
import { type Check, compare, compareExact, compareNumber } from './check.ts';
import type { GoldenBatch } from './golden-batch.ts';
import { GoldenTensors, goldenJson } from './golden-files.ts';
import { nchwToNhwc, nhwcToNchw } from './layout.ts';
import { compareLosses, type GoldenLosses } from './losses.ts';
import { configOfShapes, type TensorShapes } from './recipe-config.ts';
import { fnv1a, recipePicture, recipeTensor } from './recipe-weights.ts';

interface Recipe {
  readonly seed: number;
  readonly height: number;
  readonly width: number;
  readonly padded_valid_height: number;
  readonly padded_valid_width: number;
  readonly checks: Readonly<
    Record<
      string,
      { readonly fnv1a?: number; readonly first: number[]; readonly last?: number[]; readonly sum_f64: number }
    >
  >;
}

interface GradientSummary {
  readonly global_l2: number;
  readonly tensors: Readonly<
    Record<string, { readonly zero: true } | { readonly l2: number; readonly first: number[] }>
  >;
}

interface Losses extends GoldenLosses {
  readonly targets: { readonly class_labels: readonly number[]; readonly boxes: readonly (readonly number[])[] };
}

/** Largest differences that are allowed in this model's outputs. */
const ABS = { boxes: 3e-5, other: 3e-4 };

/** A full-size model whose weights come from a recipe: the recipe itself, forward with and without padding, losses, gradients. */
export async function* checkRecipeModel(folder: string): AsyncGenerator<Check> {
  const recipe = await goldenJson<Recipe>(folder, 'recipe.json');
  const shapes = await goldenJson<TensorShapes>(folder, 'tensors.json');
  const losses = await goldenJson<Losses>(folder, 'losses.json');
  const config = configOfShapes(shapes);
  const specs = parameterSpecs(config);
  const ours = specs.map(({ name, shape }) => [name, shape] as const).toSorted(byName);
  yield compareExact('tensor names and shapes', ours, Object.entries(shapes).toSorted(byName));

  const size = { h: recipe.height, w: recipe.width };
  const picture = recipePicture(recipe.seed, size);
  yield* checkRecipe(recipe, shapes, picture);
  const values = new Map(
    specs.map((spec) => [spec.name, toGpuLayout(spec, recipeTensor(recipe.seed, spec.name, spec.shape))]),
  );
  const target: Target = {
    classIds: Int32Array.from(losses.targets.class_labels),
    boxesCxcywhNorm: Float32Array.from(losses.targets.boxes.flat()),
  };
  const pixelsNhwc = nchwToNhwc(picture, [1, 3, size.h, size.w]);
  const batch = { pixelsNhwc, size, validSizes: [size], targets: [target] };
  const valid = { h: recipe.padded_valid_height, w: recipe.padded_valid_width };
  yield* checkModel(folder, config, values, specs, batch, {
    ...batch,
    pixelsNhwc: pixelsNhwc.map((value, i) => {
      const cell = Math.floor(i / 3);
      return Math.floor(cell / size.w) < valid.h && cell % size.w < valid.w ? value : 0;
    }),
    validSizes: [valid],
  });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function* checkRecipe({ seed, checks }: Recipe, shapes: TensorShapes, picture: Float32Array): Generator<Check> {
  for (const [name, { fnv1a: hash, first, last, sum_f64: sum }] of Object.entries(checks)) {
    const shape = shapes[name];
    const values = shape ? recipeTensor(seed, name, shape) : picture;
    if (hash !== undefined) yield compareExact(`recipe ${name}: hash of the key`, fnv1a(`${seed}:${name}`), hash);
    yield compareExact(`recipe ${name}: first values`, [...values.slice(0, first.length)], first);
    if (last) yield compareExact(`recipe ${name}: last values`, [...values.slice(-last.length)], last);
    let total = 0;
    for (const value of values) total += value;
    yield compareNumber(`recipe ${name}: sum`, total, sum, { rel: 1e-9 });
  }
}

async function* checkModel(
  folder: string,
  config: DetrConfig,
  values: ParameterValues,
  specs: readonly ParameterSpec[],
  batch: GoldenBatch,
  padded: GoldenBatch,
): AsyncGenerator<Check> {
  const golden = await GoldenTensors.open(folder, 'expected.safetensors');
  const model = new DetrForObjectDetection(config, values);
  yield* checkOutputs(model, golden, batch, await goldenJson<Losses>(folder, 'losses.json'));
  yield* checkPadded(model, golden, padded);
  yield* checkGradients(model, specs, batch, await goldenJson<GradientSummary>(folder, 'grads_summary.json'));
  model.dispose();
}

function pixelsOf({ pixelsNhwc, size, validSizes }: GoldenBatch) {
  return tf.tensor4d(pixelsNhwc, [validSizes.length, size.h, size.w, 3]);
}

async function* checkOutputs(
  model: DetrForObjectDetection,
  golden: GoldenTensors,
  batch: GoldenBatch,
  losses: GoldenLosses,
): AsyncGenerator<Check> {
  const seen = new Map<string, Tensor>();
  const pixels = pixelsOf(batch);
  const output = model.predict(pixels, batch.validSizes, (name, value) => {
    if (name === 'hs' || golden.has(name)) seen.set(name, tf.keep(value.clone()));
  });
  for (const [name, value] of [...seen, ['logits', output.logits], ['pred_boxes', output.boxes]] as const) {
    const goldenName = name === 'hs' ? 'hs_last' : name;
    const expected = golden.floats(goldenName);
    const data = await value.data<'float32'>();
    const inOrder = name.startsWith('backbone.') ? nhwcToNchw(data, value.shape) : data;
    // Of some values the last decoder layer alone is stored.
    const last = inOrder.slice(-expected.length);
    yield compare(goldenName, last, expected, { abs: name === 'pred_boxes' ? ABS.boxes : ABS.other });
  }
  yield* compareLosses('', output, batch.targets, model.config, losses);
  tf.dispose([...seen.values(), pixels, output.logits, output.boxes]);
}

async function* checkPadded(
  model: DetrForObjectDetection,
  golden: GoldenTensors,
  batch: GoldenBatch,
): AsyncGenerator<Check> {
  const pixels = pixelsOf(batch);
  const input = model.prepare(pixels, batch.validSizes);
  const mask = Array.from(await input.keyMask.data(), (value) => (value < 0 ? 1 : 0));
  yield compareExact('padded.feature_pad_mask', mask, golden.numbers('padded.feature_pad_mask'));
  const output = model.predict(pixels, batch.validSizes);
  for (const [name, value, abs] of [
    ['padded.logits', output.logits, ABS.other],
    ['padded.pred_boxes', output.boxes, ABS.boxes],
  ] as const) {
    const expected = golden.floats(name);
    yield compare(name, (await value.data<'float32'>()).slice(-expected.length), expected, { abs });
  }
  input.dispose();
  tf.dispose([pixels, output.logits, output.boxes]);
}

async function* checkGradients(
  model: DetrForObjectDetection,
  specs: readonly ParameterSpec[],
  batch: GoldenBatch,
  golden: GradientSummary,
): AsyncGenerator<Check> {
  const parameters = model.parameters.trainable({ freezeBackbone: false, freezeEncoder: false });
  const names = parameters.map(({ name }) => name);
  yield compareExact('trained tensors', names.toSorted(), Object.keys(golden.tensors).sort());
  const specOf = new Map(specs.map((spec) => [spec.name, spec]));
  const inputs = new StepInputs(model.config, batch, 0);
  const { gradients, packedLoss } = batchGradients(model, inputs, parameters);
  inputs.dispose();
  let squares = 0;
  for (const [i, { name }] of parameters.entries()) {
    const spec = specOf.get(name);
    const data = (await gradients[i]?.data<'float32'>()) ?? new Float32Array();
    const expected = golden.tensors[name];
    let square = 0;
    let largest = 0;
    for (const g of data) {
      square += g * g;
      largest = Math.max(largest, Math.abs(g));
    }
    squares += square;
    if (!expected || !spec) continue;
    const l2 = Math.sqrt(square);
    if ('zero' in expected) {
      yield compareNumber(`gradient ${name}: l2`, l2, 0, { abs: 1e-5 * golden.global_l2 });
      continue;
    }
    yield compareNumber(`gradient ${name}: l2`, l2, expected.l2, { rel: 1e-3 });
    const first = toCheckpointLayout(spec, data).slice(0, expected.first.length);
    // The golden files do not tell the tensor's largest value; ours stands for it, as its norm has been checked.
    yield compare(`gradient ${name}: first values`, first, expected.first, { abs: 1e-3 * largest });
  }
  yield compareNumber('gradient, global l2', Math.sqrt(squares), golden.global_l2, { rel: 1e-4 });
  tf.dispose([...gradients, packedLoss]);
}
