import { StudioError } from '../../base/errors.ts';
import type { WantedProgram } from './trace.ts';

/**
 * Compiles programs beside each other, as many at once as the driver takes, and keeps them where they were asked for;
 * returns them by what stands for them. Throws `gpu-error` with the name of one that is not compiled.
 */
export async function compilePrograms(
  device: GPUDevice,
  programs: ReadonlyMap<GPUComputePipeline, WantedProgram>,
): Promise<Map<GPUComputePipeline, GPUComputePipeline>> {
  const compiled = await Promise.all(
    [...programs].map(async ([standIn, { descriptor, keep }]) => {
      const pipeline = await device.createComputePipelineAsync(descriptor).catch((cause: unknown) => {
        throw notCompiled(descriptor.label ?? '', cause);
      });
      keep(pipeline);
      return [standIn, pipeline] as const;
    }),
  );
  return new Map(compiled);
}

function notCompiled(program: string, cause: unknown): StudioError {
  return new StudioError(
    'gpu-error',
    `The program ${program} could not be compiled for this graphics card: ${cause instanceof Error ? cause.message : cause}. Update the browser or the graphics driver.`,
    { program },
    { cause },
  );
}
