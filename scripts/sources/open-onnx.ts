import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parsePreprocessorConfig } from '../../src/data/preprocessor-config.ts';
import { parseDetrConfig } from '../../src/detr/config.ts';
import { CONFIG_FILE, ONNX_FILE, PREPROCESSOR_FILE } from '../../src/interop/checkpoint-names.ts';
import { exportOnnx } from '../../src/interop/onnx/export-onnx.ts';
import { type TransformersModel, transformersModel } from '../../src/predict/transformers-model.ts';
import { isFile, unreadableFile } from '../cli/input-file.ts';
import type { HubAccess } from './hub-model.ts';
import { openCheckpoint } from './open-checkpoint.ts';

/**
 * The model that transformers.js is to run: an exported folder's or a `.onnx` with its configs beside it or one folder up,
 * as it lies there; else one made of the weights. Throws as `openCheckpoint`.
 */
export async function openOnnxModel(weights: string, hub: HubAccess = {}): Promise<TransformersModel> {
  const path = /\.onnx$/i.test(weights) ? weights : join(weights, ONNX_FILE);
  if (!(await isFile(path))) return fromWeights(weights, hub);
  const beside = (await isFile(join(dirname(path), CONFIG_FILE))) ? dirname(path) : dirname(dirname(path));
  const [onnx, config, preprocessor] = await Promise.all(
    [path, join(beside, CONFIG_FILE), join(beside, PREPROCESSOR_FILE)].map((file) =>
      readFile(file).catch((cause: unknown) => {
        throw unreadableFile(file, cause);
      }),
    ),
  );
  const texts = { config: String(config), preprocessor: String(preprocessor) };
  return {
    onnx: Uint8Array.from(onnx ?? []),
    ...texts,
    labels: parseDetrConfig(texts.config).labels,
    preprocessing: parsePreprocessorConfig(texts.preprocessor).config,
  };
}

async function fromWeights(weights: string, hub: HubAccess): Promise<TransformersModel> {
  const { checkpoint } = await openCheckpoint(weights, hub);
  return transformersModel(checkpoint, exportOnnx(checkpoint.config, checkpoint.weights.values));
}
