import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { StudioError } from '../base/errors.ts';
import { type BackendInternals, internalsOf } from './backend-internals.ts';
import { flush } from './recording/trace.ts';
import { residentBuffer } from './resident-buffer.ts';

const UNIFORM_USAGE = 0x40 | 0x8; // UNIFORM and COPY_DST

/** Numbers that programs read and that change between two of their runs, recorded or not; `dispose` frees them. */
export class UniformInput {
  readonly buffer: GPUBuffer;
  readonly wgslType: string;
  readonly #backend: BackendInternals;

  /** `values` is a multiple of four numbers; its type is that of the programs' `array<vec4<f32 | u32>, n>`. */
  constructor(values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) {
    this.#backend = internalsOf(tf.backend() as WebGPUBackend);
    this.wgslType = `array<vec4<${values instanceof Float32Array ? 'f32' : 'u32'}>, ${values.length / 4}>`;
    this.buffer = this.#backend.bufferManager.acquireBuffer(values.byteLength, UNIFORM_USAGE, false, false);
    this.write(values);
  }

  /** What is dispatched from now on reads these; what was dispatched before has read the ones before. */
  write(values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): void {
    if (this.#backend.commandEncoder) flush(this.#backend);
    this.#backend.queue.writeBuffer(this.buffer, 0, values);
  }

  /** What was dispatched before still reads it. */
  dispose(): void {
    if (this.#backend.commandEncoder) flush(this.#backend);
    this.#backend.bufferManager.releaseBuffer(this.buffer, false);
  }
}

/**
 * Writes into the buffer that a tensor has, so that programs which were recorded with it read the new values. Throws
 * `internal` where the sizes differ.
 */
export function writeTensor(tensor: tf.Tensor, values: Float32Array | Int32Array): void {
  if (values.length !== tensor.size) {
    throw new StudioError('internal', `${values.length} values were given for a tensor of ${tensor.size}.`);
  }
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  const buffer = residentBuffer(backend, tensor);
  if (backend.commandEncoder) flush(backend);
  backend.tensorMap.get(tensor.dataId).values = null;
  backend.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
}

/** Copies a tensor's values into another, from that element on; both stay as they are, and the caller's. */
export function copyTensor(from: tf.Tensor, to: tf.Tensor, at: number): void {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  const [source, target] = [residentBuffer(backend, from), residentBuffer(backend, to)];
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder?.copyBufferToBuffer(source, 0, target, at * 4, from.size * 4);
}
