import type { Checkpoint } from '../src/interop/checkpoint-files.ts';
import type { GpuSession } from '../src/tf/index.ts';
import type { BenchRow } from './report.ts';

/** What a suite that computes on a device is given. */
export interface GpuBench {
  readonly session: GpuSession;
  /** The bundled tiny model. */
  readonly tiny: Checkpoint;
  say(line: string): void;
  readonly signal: AbortSignal;
}

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
  forward: async ({ session, tiny, say, signal }) =>
    (await import('./forward.ts')).benchForward(session, tiny, say, signal),
};
