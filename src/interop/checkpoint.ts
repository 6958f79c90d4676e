import { StudioError } from '../base/errors.ts';
import { type ParameterSpec, parameterSpecs } from '../detr/parameter-specs.ts';
import type { DetrConfig } from '../detr/types.ts';
import { formOf, type NameForm, nameInForm, toCheckpointLayout, toGpuLayout } from './key-map.ts';
import {
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
  tensorToFloat32,
  writeSafetensors,
} from './safetensors.ts';

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
  const form = formOf(tensors);
  const values = new Map<string, Float32Array>();
  const known = new Set<string>();
  for (const spec of parameterSpecs(config)) {
    const name = nameInForm(spec.name, form);
    known.add(name);
    const tensor = tensors.get(name);
    if (!tensor) {
      throw refusal(file, name, 'is missing', 'the config.json beside it describes another model');
    }
    values.set(spec.name, toGpuLayout(spec, readChecked(file, spec, tensor, config)));
  }
  for (const name of tensors.keys()) {
    if (!known.has(name) && !IGNORED.test(name)) {
      throw refusal(file, name, 'belongs to no part of the model', 'the config.json beside it describes another model');
    }
  }
  return { values, form };
}

/** The bytes of a `.safetensors` file of the model, in the given name form, in state dict order. */
export function writeModelWeights(
  config: DetrConfig,
  { values, form }: ModelWeights,
  metadata: ReadonlyMap<string, string>,
): Uint8Array<ArrayBuffer> {
  const tensors = parameterSpecs(config).map((spec) => {
    const data = toCheckpointLayout(spec, values.get(spec.name) ?? new Float32Array());
    return [nameInForm(spec.name, form), { dtype: 'F32', shape: spec.shape, data }] as const;
  });
  return writeSafetensors(tensors, new Map([['format', 'pt'], ...metadata]));
}

/** Reads the file itself; its refusals get the file's name in front. */
export function readWeightsFile(bytes: Uint8Array, file: string): SafetensorsFile {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    throw new StudioError(error.code, `${file}: ${error.message}`, { ...error.details, file }, { cause: error });
  }
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
