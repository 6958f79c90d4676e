import { bytesOfFile, type ChunkedFile } from '../base/chunked-file.ts';
import { StudioError } from '../base/errors.ts';
import { type ParameterSpec, parameterSpecs } from '../detr/parameter-specs.ts';
import type { DetrConfig } from '../detr/types.ts';
import { formOf, type NameForm, nameInForm, toCheckpointLayout, toGpuLayout } from './key-map.ts';
import { readSafetensors, type SafetensorsFile, type SafetensorsTensor, tensorToFloat32 } from './safetensors.ts';
import { float32ToHalves } from './safetensors-dtype.ts';
import { safetensorsFile } from './safetensors-file.ts';

/** Weights as the model wants them, and how the file that they came from spelled their names. */
export interface ModelWeights {
  /** Under the hub's names, convolutions as `[kh, kw, in, out]`. */
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly form: NameForm;
}

/** Counts that live in trained batch norm and mean nothing to a frozen one. */
const IGNORED = /\.num_batches_tracked$/;
const CLASS_HEAD = /^class_labels_classifier\./;
const WEIGHT_DTYPES: ReadonlySet<string> = new Set(['F32', 'F16', 'BF16']);

/**
 * Takes the weights of `config`'s model out of the bytes of a `.safetensors` file; `file` is its name, for messages.
 *
 * Throws `bad-weights` naming the tensor that is missing, too many, of another shape or type, or not finite.
 */
export function readModelWeights(bytes: Uint8Array, config: DetrConfig, file: string): ModelWeights {
  const { tensors } = readWeightsFile(bytes, file);
  const collector = collectWeights(config, new Map([...tensors.keys()].map((name) => [name, file])), file);
  for (const tensor of tensors.values()) collector.take(tensor);
  return collector.weights();
}

/** Puts a model together, a tensor at a time and in any order, so that no more than one needs to be in memory twice. */
export interface WeightsCollector {
  /** Throws `bad-weights` for a shape, type or value that does not fit. */
  take(tensor: SafetensorsTensor): void;
  /** Everything, once each tensor was taken. */
  weights(): ModelWeights;
}

/**
 * Begins with the names of all tensors and the file of each; `file` is what to call the whole. Throws `bad-weights` naming the
 * tensor that is missing, or that the model has no part for.
 */
export function collectWeights(
  config: DetrConfig,
  fileOfName: ReadonlyMap<string, string>,
  file: string,
): WeightsCollector {
  const form = formOf(fileOfName);
  const specs = parameterSpecs(config);
  const wanted = new Map(specs.map((spec) => [nameInForm(spec.name, form), spec]));
  for (const name of wanted.keys()) {
    if (!fileOfName.has(name)) {
      throw refusal(file, name, 'is missing', 'the config.json beside it describes another model');
    }
  }
  for (const [name, inFile] of fileOfName) {
    if (!wanted.has(name) && !IGNORED.test(name)) {
      throw refusal(
        inFile,
        name,
        'belongs to no part of the model',
        'the config.json beside it describes another model',
      );
    }
  }
  const taken = new Map<string, Float32Array>();
  return {
    take(tensor) {
      const spec = wanted.get(tensor.name);
      if (spec === undefined) return;
      const data = readChecked(fileOfName.get(tensor.name) ?? file, spec, tensor, config);
      taken.set(spec.name, toGpuLayout(spec, data));
    },
    weights() {
      const values = new Map<string, Float32Array>();
      for (const { name } of specs) {
        const data = taken.get(name);
        if (data === undefined) throw refusal(file, name, 'was not read', 'a part of it was left out');
        values.set(name, data);
      }
      return { values, form };
    },
  };
}

/** What weights are stored as. */
export type WeightsDtype = 'F32' | 'F16';

/** The largest number that a half holds. */
const LARGEST_HALF = 65504;

/** The bytes of a `.safetensors` file of the model, in the given name form, in state dict order. */
export function writeModelWeights(
  config: DetrConfig,
  weights: ModelWeights,
  metadata: ReadonlyMap<string, string>,
): Uint8Array<ArrayBuffer> {
  return bytesOfFile(modelWeightsFile(config, weights, metadata));
}

/**
 * The same file, made a tensor at a time, its weights in full or in half precision. Reading it throws `bad-weights` where a
 * value is past what a half can hold.
 */
export function modelWeightsFile(
  config: DetrConfig,
  { values, form }: ModelWeights,
  metadata: ReadonlyMap<string, string>,
  dtype: WeightsDtype = 'F32',
): ChunkedFile {
  const tensors = parameterSpecs(config).map((spec) => {
    const name = nameInForm(spec.name, form);
    const data = () => {
      const data = toCheckpointLayout(spec, values.get(spec.name) ?? new Float32Array());
      return dtype === 'F32' ? data : toHalves(name, data);
    };
    return [name, { dtype, shape: spec.shape, data }] as const;
  });
  return safetensorsFile(tensors, new Map([['format', 'pt'], ...metadata]));
}

function toHalves(name: string, data: Float32Array): Uint16Array {
  const large = data.find((value) => Math.abs(value) > LARGEST_HALF);
  if (large === undefined) return float32ToHalves(data);
  const message = `The tensor "${name}" holds ${large}, and half precision ends at ${LARGEST_HALF}. Export it in full precision.`;
  throw new StudioError('bad-weights', message, { tensor: name });
}

/** Reads the file itself; its refusals get the file's name in front. */
export function readWeightsFile(bytes: Uint8Array, file: string): SafetensorsFile {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    throw ofFile(error, file);
  }
}

/** A refusal of what was read with the file's name in front; anything else as it is. */
export function ofFile(error: unknown, file: string): unknown {
  if (!(error instanceof StudioError) || error.code !== 'bad-weights') return error;
  return new StudioError(error.code, `${file}: ${error.message}`, { ...error.details, file }, { cause: error });
}

function readChecked(file: string, spec: ParameterSpec, tensor: SafetensorsTensor, config: DetrConfig): Float32Array {
  if (tensor.shape.length !== spec.shape.length || tensor.shape.some((n, i) => n !== spec.shape[i])) {
    throw refusal(
      file,
      tensor.name,
      `has the shape [${tensor.shape.join(', ')}], but config.json asks for [${spec.shape.join(', ')}]`,
      CLASS_HEAD.test(spec.name) ? headsRows(config) : 'the config.json beside it describes another model',
    );
  }
  if (!WEIGHT_DTYPES.has(tensor.dtype)) {
    throw refusal(file, tensor.name, `is of type ${tensor.dtype}, but weights are F32, F16 or BF16`, 'it is quantised');
  }
  const data = tensorToFloat32(tensor);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw refusal(file, tensor.name, `holds ${data[i]} at position ${i}`, 'the run that wrote it had diverged');
    }
  }
  return data;
}

function headsRows({ labels }: DetrConfig): string {
  return `the config.json beside it is another model's: it names ${labels.length} classes, and with "no object" the head of that has ${labels.length + 1} rows`;
}

function refusal(file: string, tensor: string, found: string, likely: string): StudioError {
  return new StudioError(
    'bad-weights',
    `${file}: the tensor "${tensor}" ${found}; probably ${likely}. Use the weights together with their own config.json.`,
    { file, tensor },
  );
}
