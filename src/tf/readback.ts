import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { internalsOf } from './backend-internals.ts';
import { flush } from './recording/trace.ts';
import { residentBuffer } from './resident-buffer.ts';

const STAGING_USAGE = 0x1 | 0x8; // MAP_READ and COPY_DST

/**
 * The values of f32 tensors as they are at this point of the queue, in one readback: what is dispatched later may write into
 * them at once. Borrows the tensors. What they are read through is `kept` for the next readback of that size, or not.
 */
export async function readTensors<Tensors extends readonly tf.Tensor[]>(
  tensors: readonly [...Tensors],
  kept = true,
): Promise<{ readonly [Each in keyof Tensors]: Float32Array<ArrayBuffer> }> {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  const bytes = tensors.reduce((sum, { size }) => sum + size * 4, 0);
  const staging = backend.bufferManager.acquireBuffer(bytes, STAGING_USAGE, false, kept);
  let offset = 0;
  const places: number[] = [];
  const buffers = tensors.map((tensor) => residentBuffer(backend, tensor));
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  for (const [i, { size }] of tensors.entries()) {
    backend.commandEncoder?.copyBufferToBuffer(buffers[i] as GPUBuffer, 0, staging, offset, size * 4);
    places.push(offset);
    offset += size * 4;
  }
  flush(backend);
  await staging.mapAsync(GPUMapMode.READ);
  const all = staging.getMappedRange().slice(0);
  staging.unmap();
  backend.bufferManager.releaseBuffer(staging, kept);
  const read = tensors.map(({ size }, i) => new Float32Array(all, places[i], size));
  return read as { [Each in keyof Tensors]: Float32Array<ArrayBuffer> };
}
