import { notCompiled } from '../pipeline-failure.ts';
import type { WantedProgram } from './trace.ts';

/**
 * Compiles programs beside each other, as many at once as the driver takes, and keeps them where they were asked for;
 * returns them by what stands for them. Throws `gpu-error` with the name of one that is not compiled, as `notCompiled`.
 */
export async function compilePrograms(
  device: GPUDevice,
  programs: ReadonlyMap<GPUComputePipeline, WantedProgram>,
): Promise<Map<GPUComputePipeline, GPUComputePipeline>> {
  const compiled = await Promise.all(
    [...programs].map(async ([standIn, { descriptor, keep }]) => {
      const pipeline = await device.createComputePipelineAsync(descriptor).catch((cause: unknown) => {
        throw notCompiled(device, descriptor.label ?? '', cause);
      });
      keep(pipeline);
      return [standIn, pipeline] as const;
    }),
  );
  return new Map(compiled);
}
