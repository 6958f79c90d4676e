import { StudioError } from '../base/errors.ts';
import { type PreprocessorFile, parsePreprocessorConfig } from '../data/preprocessor-config.ts';
import type { GivenFile } from '../data/types.ts';
import { parseDetrConfig } from '../detr/config.ts';
import type { DetrConfig } from '../detr/types.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE } from './checkpoint-names.ts';

/** An exported model as it lies in a folder, for running it as it is. */
export interface OnnxModel {
  readonly onnx: Uint8Array<ArrayBuffer>;
  readonly config: DetrConfig;
  readonly preprocessor: PreprocessorFile;
  readonly texts: { readonly config: string; readonly preprocessor: string };
}

/** Protobuf says no more, and a page could not hold more either. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * The ONNX model among files that a person gave, where there is one and no `.safetensors`: null else. Throws `bad-weights` for
 * several, for one that is too large, and `bad-config` where its configs are not beside it or not those of a DETR.
 */
export async function readDroppedOnnx(name: string, given: readonly GivenFile[]): Promise<OnnxModel | null> {
  if (given.some(({ path }) => /\.(safetensors|zip)$/i.test(path))) return null;
  const models = given.filter(({ path }) => /\.onnx$/i.test(path));
  const [model] = models;
  if (model === undefined) return null;
  if (models.length > 1) {
    const message = `"${name}" holds ${models.length} ONNX models, and one was expected. Give the one that is meant, with its config.json.`;
    throw new StudioError('bad-weights', message);
  }
  if (model.file.size > MOST_BYTES) {
    throw new StudioError(
      'bad-weights',
      `${model.path} is larger than 2 GiB, more than ONNX Runtime takes in one file.`,
    );
  }
  const text = async (wanted: string): Promise<string> => {
    const found = given.find(({ path }) => path.slice(path.lastIndexOf('/') + 1) === wanted);
    if (found !== undefined && found.file.size < 8 * 2 ** 20) return found.file.text();
    const message = `"${name}" has no ${wanted} beside its ONNX model. Give the folder that was exported, or the files together.`;
    throw new StudioError('bad-config', message, { file: wanted });
  };
  const texts = { config: await text(CONFIG_FILE), preprocessor: await text(PREPROCESSOR_FILE) };
  return {
    onnx: new Uint8Array(await model.file.arrayBuffer()),
    config: parseDetrConfig(texts.config),
    preprocessor: parsePreprocessorConfig(texts.preprocessor),
    texts,
  };
}
