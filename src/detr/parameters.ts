import { StudioError } from '../base/errors.ts';
import { readTensors, type Tensor, type Tensor1D, tf, type Variable } from '../tf/index.ts';
import { batchNormValues } from './batch-norm-values.ts';
import { type ParameterSpec, parameterSpecs } from './parameter-specs.ts';
import type { DetrConfig } from './types.ts';

/** Values of all tensors under their Hugging Face names, in the layout of the GPU: convolutions `[kh, kw, in, out]`. */
export type ParameterValues = ReadonlyMap<string, Float32Array>;

/** One tensor that is trained. */
export interface TrainableParameter {
  readonly name: string;
  readonly variable: Variable;
  readonly role: 'backbone' | 'transformer' | 'class-head';
}

/** Which parts keep their values. */
export interface Freezing {
  /** The whole backbone and the input projection. */
  readonly freezeBackbone: boolean;
  /** The encoder as well; only where the backbone is frozen. */
  readonly freezeEncoder: boolean;
}

/** A batch norm that is not trained: x scale + shift, `[C]` f32 both. */
export interface FrozenBatchNorm {
  readonly scale: Tensor1D;
  readonly shift: Tensor1D;
}

/** A model's tensors on the GPU. They keep their buffers for as long as the model lives; `dispose` frees them. */
export class DetrParameters {
  readonly #variables = new Map<string, Variable>();
  readonly #batchNorms = new Map<string, FrozenBatchNorm>();
  readonly #specs: readonly ParameterSpec[];

  /** Throws `internal` where a value is missing or has the wrong length: files are checked before (interop). */
  constructor(config: DetrConfig, values: ParameterValues) {
    this.#specs = parameterSpecs(config);
    for (const { name, shape } of this.#specs) {
      const data = values.get(name);
      if (!data) throw new StudioError('internal', `No value was given for the tensor ${name}.`);
      const tensor = tf.tensor(data, gpuShape(shape), 'float32');
      // Variables get tfjs's own names, so that two models can live side by side.
      this.#variables.set(name, tf.variable(tensor));
      tensor.dispose();
    }
    for (const { name } of this.#specs) {
      if (!name.endsWith(VARIANCE)) continue;
      const norm = name.slice(0, -VARIANCE.length);
      const { scale, shift } = batchNormValues(values, norm);
      this.#batchNorms.set(norm, { scale: tf.keep(tf.tensor1d(scale)), shift: tf.keep(tf.tensor1d(shift)) });
    }
  }

  /** The tensor of that name; it stays this object's. */
  get<T extends Tensor = Tensor>(name: string): T {
    const variable = this.#variables.get(name);
    if (!variable) throw new StudioError('internal', `The model has no tensor ${name}.`);
    return variable as Tensor as T;
  }

  /** The batch norm of that name as a scale and a shift; they stay this object's. */
  batchNorm(name: string): FrozenBatchNorm {
    const norm = this.#batchNorms.get(name);
    if (!norm) throw new StudioError('internal', `The model has no batch norm ${name}.`);
    return norm;
  }

  /**
   * What is trained: stages 2 to 4 of the backbone, all of the transformer, and the heads, less what is frozen; in checkpoint
   * order.
   */
  trainable(freezing: Freezing): TrainableParameter[] {
    return this.#specs.flatMap(({ name, role }) => {
      if (role === 'frozen' || role === 'batch-norm' || isFrozen(name, role, freezing)) return [];
      const variable = this.#variables.get(name);
      return variable ? [{ name, variable, role }] : [];
    });
  }

  /** What is trained of the tensors whose names begin so, where nothing is frozen. */
  trainedUnder(prefix: string): Variable[] {
    return this.trainable({ freezeBackbone: false, freezeEncoder: false }).flatMap(({ name, variable }) =>
      name.startsWith(prefix) ? [variable] : [],
    );
  }

  /** Reads everything back, in checkpoint order. */
  async values(): Promise<Map<string, Float32Array>> {
    const values = new Map<string, Float32Array>();
    for (const [name, variable] of this.#variables) values.set(name, await readFloats(variable));
    return values;
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
    this.#variables.clear();
    for (const { scale, shift } of this.#batchNorms.values()) tf.dispose([scale, shift]);
    this.#batchNorms.clear();
  }
}

function isFrozen(name: string, role: ParameterSpec['role'], { freezeBackbone, freezeEncoder }: Freezing): boolean {
  const isProjected = role === 'backbone' || name.startsWith('model.input_projection.');
  return (freezeBackbone && isProjected) || (freezeEncoder && name.startsWith('model.encoder.'));
}

const VARIANCE = '.running_var';
/** A tensor's values as a copy of the caller's own. */
export async function readFloats(tensor: Tensor): Promise<Float32Array> {
  const [values] = await readTensors([tensor], false);
  return values;
}

/** `[out, in, kh, kw]` becomes `[kh, kw, in, out]`; other shapes stay. */
export function gpuShape(shape: readonly number[]): number[] {
  const [out, inC, kh, kw] = shape;
  return shape.length === 4 ? [kh ?? 0, kw ?? 0, inC ?? 0, out ?? 0] : [...shape];
}
