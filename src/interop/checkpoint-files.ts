import { bytesOfFile, type ChunkedFile } from '../base/chunked-file.ts';
import { StudioError } from '../base/errors.ts';
import {
  defaultPreprocessorFile,
  type PreprocessorFile,
  parsePreprocessorConfig,
  writePreprocessorConfig,
} from '../data/preprocessor-config.ts';
import { parseDetrConfig } from '../detr/config.ts';
import type { DetrConfig } from '../detr/types.ts';
import {
  type ModelWeights,
  modelWeightsFile,
  readModelWeights,
  readWeightsFile,
  type WeightsDtype,
} from './checkpoint.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE } from './checkpoint-names.ts';

/** A model as it lies in a checkpoint: everything that is needed to build it, and to write it back as it was. */
export interface Checkpoint {
  readonly config: DetrConfig;
  readonly preprocessor: PreprocessorFile;
  readonly weights: ModelWeights;
}

/** The three files of a Hugging Face folder; a `.safetensors` of ours carries the other two in its metadata. */
export interface CheckpointFiles {
  readonly weights: Uint8Array;
  readonly config?: string;
  readonly preprocessor?: string;
}

const CONFIG_KEY = 'detrain.config';
const PREPROCESSOR_KEY = 'detrain.preprocessor_config';

/**
 * Reads a checkpoint from its files; `name` is what to call the weights in messages. The files beside the weights go
 * before what the metadata say.
 *
 * Throws `bad-weights` or `bad-config`; then nothing of it is loaded.
 */
export function readCheckpoint(files: CheckpointFiles, name: string): Checkpoint {
  const { metadata } = readWeightsFile(files.weights, name);
  const configs = readConfigs(files, metadata, name);
  return { ...configs, weights: readModelWeights(files.weights, configs.config, name) };
}

/** Reads the two configs from the files beside the weights, else from the weights' own metadata. Throws `bad-config`. */
export function readConfigs(
  files: Pick<CheckpointFiles, 'config' | 'preprocessor'>,
  metadata: ReadonlyMap<string, string>,
  name: string,
): Pick<Checkpoint, 'config' | 'preprocessor'> {
  const configText = files.config ?? metadata.get(CONFIG_KEY);
  if (configText === undefined) {
    throw new StudioError(
      'bad-config',
      `${name} has no config.json beside it and none in its metadata; expected either. Put the config.json of the same checkpoint into the same folder; on the page, drop both together.`,
      { file: name },
    );
  }
  const config = parseDetrConfig(configText, files.config === undefined ? `the config inside ${name}` : CONFIG_FILE);
  const preprocessorText = files.preprocessor ?? metadata.get(PREPROCESSOR_KEY);
  const preprocessor =
    preprocessorText === undefined ? defaultPreprocessorFile() : parsePreprocessorConfig(preprocessorText);
  return { config, preprocessor };
}

/** The texts of config.json and preprocessor_config.json. */
export function checkpointTexts({ config, preprocessor }: Pick<Checkpoint, 'config' | 'preprocessor'>): {
  readonly config: string;
  readonly preprocessor: string;
} {
  return { config: `${JSON.stringify(config.raw, null, 2)}\n`, preprocessor: writePreprocessorConfig(preprocessor) };
}

/** A complete `.safetensors`: both configs stand in its metadata. Made as it is read; throws as `modelWeightsFile`. */
export function completeWeightsFile(checkpoint: Checkpoint, dtype: WeightsDtype = 'F32'): ChunkedFile {
  const texts = checkpointTexts(checkpoint);
  const metadata = new Map([
    [CONFIG_KEY, texts.config],
    [PREPROCESSOR_KEY, texts.preprocessor],
  ]);
  return modelWeightsFile(checkpoint.config, checkpoint.weights, metadata, dtype);
}

/** The three files of a checkpoint, by name. The weights alone are complete. */
export function writeCheckpoint(checkpoint: Checkpoint): Map<string, Uint8Array<ArrayBuffer>> {
  const texts = checkpointTexts(checkpoint);
  const encoder = new TextEncoder();
  return new Map([
    [CONFIG_FILE, encoder.encode(texts.config)],
    [PREPROCESSOR_FILE, encoder.encode(texts.preprocessor)],
    [WEIGHTS_FILE, bytesOfFile(completeWeightsFile(checkpoint))],
  ]);
}

/** Reads a checkpoint back from the files of a folder, by name. Throws as `readCheckpoint`. */
export function readCheckpointFiles(files: ReadonlyMap<string, Uint8Array>, folder: string): Checkpoint {
  const text = (name: string) => {
    const bytes = files.get(name);
    return bytes && new TextDecoder().decode(bytes);
  };
  const weights = files.get(WEIGHTS_FILE);
  if (!weights) throw new StudioError('not-found', `${folder} has no ${WEIGHTS_FILE}.`, { folder });
  const config = text(CONFIG_FILE);
  const preprocessor = text(PREPROCESSOR_FILE);
  // An empty file is a damaged one, not one that is absent.
  const given = {
    ...(config !== undefined && { config }),
    ...(preprocessor !== undefined && { preprocessor }),
  };
  return readCheckpoint({ weights, ...given }, WEIGHTS_FILE);
}
