import { StudioError } from '../base/errors.ts';
import { traitsOf } from './device-traits.ts';

/**
 * Makes a pipeline of that name; where the device refuses it, the session fails with it, as `notCompiled`. Costs two error
 * scopes a pipeline, and nothing a dispatch.
 */
export function watchPipeline(device: GPUDevice, program: string, make: () => GPUComputePipeline): GPUComputePipeline {
  device.pushErrorScope('internal');
  device.pushErrorScope('validation');
  try {
    return make();
  } finally {
    const { failure } = traitsOf(device);
    const refusal = (error: GPUError | null) => error && notCompiled(device, program, error);
    for (let scope = 0; scope < 2; scope++) void failure.expect(device.popErrorScope().then(refusal));
  }
}

/** `gpu-error` with the names of the program, which tells its variant, and of the adapter. */
export function notCompiled(device: GPUDevice, program: string, cause: unknown): StudioError {
  const adapter = traitsOf(device).adapter.name;
  const reason =
    typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
  return new StudioError(
    'gpu-error',
    `The program ${program} could not be compiled for ${adapter}: ${reason.trim()} Update the graphics driver or the browser, or use another adapter.`,
    { program, adapter },
    { cause },
  );
}
