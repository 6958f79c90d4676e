import { StudioError } from '../base/errors.ts';
import { traitsOf } from './device-traits.ts';

/**
 * Makes a pipeline; where the device refuses it, the session fails with the names of the program, of its variant and of the
 * adapter. Costs two error scopes a pipeline, and nothing a dispatch.
 */
export function watchPipeline(
  device: GPUDevice,
  program: { readonly key: string; readonly variant?: string },
  make: () => GPUComputePipeline,
): GPUComputePipeline {
  device.pushErrorScope('internal');
  device.pushErrorScope('validation');
  try {
    return make();
  } finally {
    const { adapter, failure } = traitsOf(device);
    const refusal = (error: GPUError | null) => error && notCompiled(program, adapter.name, error.message);
    for (let scope = 0; scope < 2; scope++) void failure.expect(device.popErrorScope().then(refusal));
  }
}

function notCompiled(
  { key, variant }: { readonly key: string; readonly variant?: string },
  adapter: string,
  reason: string,
): StudioError {
  const program = variant ? `${key} (variant ${variant})` : key;
  return new StudioError(
    'gpu-error',
    `The program ${program} could not be compiled for ${adapter}: ${reason.trim()} Update the graphics driver or the browser, or use another adapter.`,
    { program: key, variant: variant ?? null, adapter },
  );
}
