import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { internalsOf } from './backend-internals.ts';
import { flush } from './recording/trace.ts';

/** Gives back the GPU buffers that tfjs keeps pooled: by exact size, so that they serve no work but the same again. */
export function releasePool(): void {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  flush(backend);
  const { bufferManager } = backend;
  for (const buffers of bufferManager.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) {
      bufferManager.numFreeBuffers--;
      bufferManager.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
  }
}
