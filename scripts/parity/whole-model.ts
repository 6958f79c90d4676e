import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDetrConfig } from '../../src/detr/config.ts';
import { DetrForObjectDetection } from '../../src/detr/model.ts';
import { parameterSpecs } from '../../src/detr/parameter-specs.ts';
import type { ParameterValues } from '../../src/detr/parameters.ts';
import type { DetrConfig } from '../../src/detr/types.ts';
import { readModelWeights } from '../../src/interop/checkpoint.ts';
import { nameInForm } from '../../src/interop/key-map.ts';
import { tf } from '../../src/tf/index.ts';
import { type Check, compareExact } from './check.ts';
import { checkForward } from './forward.ts';
import { type GoldenBatch, NO_TARGET, readGoldenBatch } from './golden-batch.ts';
import { goldenJson, hasGolden } from './golden-files.ts';
import { compareLosses, type GoldenLosses } from './losses.ts';
import { checkTraining } from './training.ts';

/** Every quantity of a folder with a small whole model: names, forward, losses, gradients, AdamW, DC5. */
export async function* checkWholeModel(folder: string): AsyncGenerator<Check> {
  const config = parseDetrConfig(await readFile(join(folder, 'config.json'), 'utf8'));
  const { values } = readModelWeights(await readFile(join(folder, 'model.safetensors')), config, 'model.safetensors');
  const batch = await readGoldenBatch(folder);
  yield* checkNames(folder, config);
  const files = { tensors: 'forward.safetensors', losses: 'losses.json' };
  yield* checkForward(folder, '', files, config, values, batch);
  if (hasGolden(folder, 'losses_empty_targets.json')) yield* checkEmptyTargets(folder, config, values, batch);
  yield* checkTraining(folder, config, values, batch);
  if (hasGolden(folder, 'dc5_forward.safetensors')) {
    const dc5 = { tensors: 'dc5_forward.safetensors', losses: 'dc5_losses.json' };
    yield* checkForward(folder, 'dc5 ', dc5, { ...config, dilation: true }, values, batch);
  }
}

async function* checkNames(folder: string, config: DetrConfig): AsyncGenerator<Check> {
  const names = await goldenJson<{ hf: string; hf_no_timm: string }[]>(folder, 'names.json');
  const ours = parameterSpecs(config).map(({ name }) => name);
  yield compareExact('tensor names', ours.toSorted(), names.map(({ hf }) => hf).toSorted());
  const native = names.map(({ hf }) => nameInForm(hf, 'native'));
  yield compareExact(
    'tensor names, native form',
    native,
    names.map(({ hf_no_timm }) => hf_no_timm),
  );
}

async function* checkEmptyTargets(
  folder: string,
  config: DetrConfig,
  values: ParameterValues,
  batch: GoldenBatch,
): AsyncGenerator<Check> {
  const golden = await goldenJson<Record<'first_image_empty' | 'all_images_empty', GoldenLosses>>(
    folder,
    'losses_empty_targets.json',
  );
  const model = new DetrForObjectDetection(config, values);
  const pixels = tf.tensor4d(batch.pixelsNhwc, [batch.validSizes.length, batch.size.h, batch.size.w, 3]);
  const output = model.predict(pixels, batch.validSizes);
  const firstEmpty = batch.targets.map((target, b) => (b === 0 ? NO_TARGET : target));
  const allEmpty = batch.targets.map(() => NO_TARGET);
  yield* compareLosses('first image empty: ', output, firstEmpty, config, golden.first_image_empty);
  yield* compareLosses('all images empty: ', output, allEmpty, config, golden.all_images_empty);
  tf.dispose([pixels, output.logits, output.boxes]);
  model.dispose();
}
