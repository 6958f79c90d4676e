import { StudioError } from '../base/errors.ts';
import { type PreprocessorFile, parsePreprocessorConfig } from '../data/preprocessor-config.ts';
import { isZip } from '../data/tar-stream.ts';
import type { GivenFile } from '../data/types.ts';
import { parseDetrConfig } from '../detr/config.ts';
import type { DetrConfig } from '../detr/types.ts';
import { CONFIG_FILE, ONNX_FILE, PREPROCESSOR_FILE } from './checkpoint-names.ts';

/** An exported model as it lies in a folder, for running it as it is. */
export interface OnnxModel {
  readonly onnx: Uint8Array<ArrayBuffer>;
  readonly config: DetrConfig;
  readonly preprocessor: PreprocessorFile;
  readonly texts: { readonly config: string; readonly preprocessor: string };
}

/** Protobuf says no more, and a page could not hold more either. */
const MOST_BYTES = 2 ** 31 - 1;
const MOST_CONFIG_BYTES = 8 * 2 ** 20;

/**
 * The ONNX model among files that a person gave (or in the zip of an export), where there is one and no `.safetensors`: null
 * else. Throws `bad-weights` for several, for one that is too large, and `bad-config` where its configs are not beside it or
 * not those of a DETR.
 */
export async function readDroppedOnnx(name: string, given: readonly GivenFile[]): Promise<OnnxModel | null> {
  const files = await unpacked(given);
  const model = theModel(name, files);
  if (model === null) return null;
  if (model.file.size > MOST_BYTES) {
    throw badWeights(`${model.path} is larger than 2 GiB, more than ONNX Runtime takes in one file.`);
  }
  const texts = {
    config: await textOf(name, files, CONFIG_FILE),
    preprocessor: await textOf(name, files, PREPROCESSOR_FILE),
  };
  return {
    onnx: new Uint8Array(await model.file.arrayBuffer()),
    config: parseDetrConfig(texts.config),
    preprocessor: parsePreprocessorConfig(texts.preprocessor),
    texts,
  };
}

/** What a zip holds of a model; where there are weights that train as well, its ONNX is left in it. */
async function unpacked(given: readonly GivenFile[]): Promise<readonly GivenFile[]> {
  const [only] = given;
  if (given.length !== 1 || only === undefined) return given;
  if (!isZip(new Uint8Array(await only.file.slice(0, 4).arrayBuffer()))) return given;
  const { unzipFiles } = await import('./zipped-files.ts');
  let trains = false;
  const files = await unzipFiles(only.file, only.path, (path, byteLength) => {
    trains ||= /\.safetensors$/i.test(path);
    return !trains && /\.(onnx|json)$/i.test(path) && byteLength <= MOST_BYTES;
  });
  return trains ? [] : files;
}

function theModel(name: string, files: readonly GivenFile[]): GivenFile | null {
  if (files.some(({ path }) => /\.safetensors$/i.test(path))) return null;
  const models = files.filter(({ path }) => /\.onnx$/i.test(path));
  // The others of a folder are the same model in less precision.
  const [model] = models.length > 1 ? models.filter(({ path }) => path.endsWith(ONNX_FILE)) : models;
  if (models.length > 0 && model === undefined) {
    throw badWeights(`"${name}" holds ${models.length} ONNX models, and one was expected. Give the one that is meant.`);
  }
  return model ?? null;
}

async function textOf(name: string, files: readonly GivenFile[], wanted: string): Promise<string> {
  const found = files.find(({ path }) => path.slice(path.lastIndexOf('/') + 1) === wanted);
  if (found !== undefined && found.file.size < MOST_CONFIG_BYTES) return found.file.text();
  const message = `"${name}" has no ${wanted} beside its ONNX model. Give the folder or the zip that was exported, or the files together.`;
  throw new StudioError('bad-config', message, { file: wanted });
}

function badWeights(message: string): StudioError {
  return new StudioError('bad-weights', message);
}
