import { bytesOfFile, type ChunkedFile } from '../base/chunked-file.ts';
import type { PreprocessorConfig } from '../data/types.ts';
import { type Checkpoint, checkpointTexts } from '../interop/checkpoint-files.ts';

/** An exported model as transformers.js takes it. */
export interface TransformersModel {
  readonly onnx: Uint8Array<ArrayBuffer>;
  /** The texts of config.json and preprocessor_config.json. */
  readonly config: string;
  readonly preprocessor: string;
  readonly labels: readonly string[];
  readonly preprocessing: PreprocessorConfig;
}

/** The model of a checkpoint, of which `onnx` was made. */
export function transformersModel(checkpoint: Omit<Checkpoint, 'weights'>, onnx: ChunkedFile): TransformersModel {
  const { config, preprocessor } = checkpoint;
  return {
    onnx: bytesOfFile(onnx),
    ...checkpointTexts(checkpoint),
    labels: config.labels,
    preprocessing: preprocessor.config,
  };
}
