import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { internalsOf } from './backend-internals.ts';

/** What a stretch of work asked of the GPU. */
export interface GpuCounts {
  readonly dispatches: number;
  readonly submits: number;
  readonly readbacks: number;
  /** Bytes of all GPU buffers that exist afterwards, in use or pooled. */
  readonly allocatedBytes: number;
}

/** Runs `work` and counts its dispatches, submissions and readbacks, ours and tfjs's. */
export async function countGpuWork<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly counts: GpuCounts }> {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  const dispatchWorkgroups = GPUComputePassEncoder.prototype.dispatchWorkgroups;
  const { submit } = backend.queue;
  const { mapAsync } = GPUBuffer.prototype;
  let dispatches = 0;
  let submits = 0;
  let readbacks = 0;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...args) {
    dispatches++;
    return dispatchWorkgroups.apply(this, args);
  };
  backend.queue.submit = (buffers) => {
    submits++;
    return submit.call(backend.queue, buffers);
  };
  GPUBuffer.prototype.mapAsync = function (...args) {
    readbacks++;
    return mapAsync.apply(this, args);
  };
  try {
    const result = await work();
    return {
      result,
      counts: { dispatches, submits, readbacks, allocatedBytes: backend.memory().numBytesAllocatedInGPU },
    };
  } finally {
    GPUComputePassEncoder.prototype.dispatchWorkgroups = dispatchWorkgroups;
    backend.queue.submit = submit;
    GPUBuffer.prototype.mapAsync = mapAsync;
  }
}
