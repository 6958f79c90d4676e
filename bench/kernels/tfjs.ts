import { internalsOf } from '../../src/tf/backend-internals.ts';
import { type GpuSession, gpuMs, type Tensor, tf } from '../../src/tf/index.ts';
import type { Contender } from '../interleave.ts';

/** Work on tfjs's device, ours or stock. Each call is submitted by itself. */
export function tfjsContender({ device }: GpuSession, compute: () => Tensor[]): Contender {
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        tf.dispose(tf.tidy(compute));
        submit();
      }
      await device.queue.onSubmittedWorkDone();
      return undefined;
    },
  };
}

/** The same by the device's own clock, all calls in one submission: what the kernel takes, and not what calling it does. */
export function gpuClockContender(compute: () => Tensor[]): Contender {
  return {
    run: (times) =>
      gpuMs(() => {
        for (let i = 0; i < times; i++) tf.dispose(tf.tidy(compute));
      }),
  };
}

/** The results of one call. */
export async function tfjsResults(compute: () => Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(compute);
  const values = await Promise.all(tensors.map(async (tensor) => (await tensor.data()) as Float32Array));
  tf.dispose(tensors);
  return values;
}

/** Submits what tfjs holds back until more has come together. */
export function submit(): void {
  const backend = internalsOf(tf.backend() as Parameters<typeof internalsOf>[0]);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}
