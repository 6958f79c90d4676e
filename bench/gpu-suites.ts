import type { GpuBench } from './gpu-bench.ts';
import type { BenchRow } from './report.ts';

/** Returns the suite's rows. Throws `signal`'s reason between two measurements once it is aborted. */
export type GpuSuite = (given: GpuBench) => Promise<BenchRow[]>;

/** The suites that need a device and nothing else, by name; each is loaded where it is wanted. */
export const GPU_SUITES: Readonly<Record<string, GpuSuite>> = {
  step: async ({ session, tiny, say, signal }) => (await import('./step.ts')).benchStep(session, tiny, say, signal),
  resnet50: async ({ session, say, signal }) => (await import('./resnet50.ts')).benchResnet50(session, say, signal),
  kernels: async ({ session, say, signal }) =>
    (await import('./kernels/kernels.ts')).benchKernels(session, say, signal),
  variants: async ({ session, say, signal }) =>
    (await import('./kernels/variants.ts')).benchVariants(session, say, signal),
  forward: async (given) => (await import('./forward.ts')).benchForward(given),
};
