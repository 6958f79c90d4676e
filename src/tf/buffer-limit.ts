import { StudioError } from '../base/errors.ts';
import type { BackendInternals } from './backend-internals.ts';

/** Past the limits a binding fails silently inside tfjs and reads as zeros; here it is refused before it is made. */
export function guardBufferSizes(backend: BackendInternals, limits: GPUSupportedLimits): void {
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const acquire = backend.bufferManager.acquireBuffer.bind(backend.bufferManager);
  backend.bufferManager.acquireBuffer = (size, ...rest) => {
    if (size > largest) {
      throw new StudioError(
        'gpu-limit',
        `A buffer of ${megabytes(size)} is needed, and this graphics card binds ${megabytes(largest)} at most. Lower the image size or the batch.`,
        { neededBytes: size, limitBytes: largest },
      );
    }
    return acquire(size, ...rest);
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
