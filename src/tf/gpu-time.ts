import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { StudioError } from '../base/errors.ts';
import { type BackendInternals, internalsOf } from './backend-internals.ts';
import { flush } from './recording/trace.ts';

const BATCH_SIZE = 'WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE';
const TIMESTAMPS: GPUFeatureName = 'timestamp-query';
/** Two of 64 bits. */
const BYTES = 16;

/**
 * Milliseconds that dispatches of our own take on the GPU, in one submission: by its own clock where the device has
 * timestamps, or else from submission to completion. `work` is synchronous and dispatches by `dispatch` alone.
 */
export async function gpuMs(work: () => void): Promise<number> {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  flush(backend);
  const batchSize = tf.env().getNumber(BATCH_SIZE);
  // Nothing is submitted before the work is complete.
  tf.env().set(BATCH_SIZE, Number.MAX_SAFE_INTEGER);
  try {
    const own = backend.device.features.has(TIMESTAMPS) ? await timedOnGpu(backend, work) : 0;
    // Some drivers have the feature, and a clock that stands still.
    return own > 0 ? own : await timedFromHere(backend, work);
  } finally {
    tf.env().set(BATCH_SIZE, batchSize);
  }
}

async function timedOnGpu(backend: BackendInternals, work: () => void): Promise<number> {
  const { device } = backend;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  const resolved = device.createBuffer({
    size: BYTES,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const read = device.createBuffer({ size: BYTES, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  try {
    backend.ensureCommandEncoderReady();
    const encoder = backend.commandEncoder;
    if (!encoder) throw new StudioError('internal', 'The backend has made no command encoder.');
    const pass = encoder.beginComputePass({
      timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    (backend as { computePassEncoder: GPUComputePassEncoder }).computePassEncoder = pass;
    work();
    backend.endComputePassEncoder();
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, BYTES);
    flush(backend);
    await read.mapAsync(GPUMapMode.READ);
    const [begin = 0n, end = 0n] = new BigUint64Array(read.getMappedRange());
    return Number(end - begin) / 1e6;
  } finally {
    for (const each of [querySet, resolved, read]) each.destroy();
  }
}

async function timedFromHere(backend: BackendInternals, work: () => void): Promise<number> {
  await backend.queue.onSubmittedWorkDone();
  const start = performance.now();
  work();
  flush(backend);
  await backend.queue.onSubmittedWorkDone();
  return performance.now() - start;
}
