/** The one door to TensorFlow.js: every other room imports `tf` from here. */

export type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, TensorInfo, Variable } from '@tensorflow/tfjs';
export * as tf from '@tensorflow/tfjs';
export type { DeviceTraits } from './device-traits.ts';
export {
  currentDevice,
  type DispatchInput,
  type DispatchSpec,
  type DispatchUniform,
  dispatch,
  emptyTensor,
  storageBuffersOfDevice,
} from './dispatch.ts';
export { dryRun } from './dry-run.ts';
export { countGpuWork, type GpuCounts } from './gpu-counts.ts';
export { createGpuSession, type GpuSession, type GpuSessionOptions } from './gpu-session.ts';
export { gpuMs } from './gpu-time.ts';
export { copyTensor, UniformInput, writeTensor } from './inputs.ts';
export { nestedGradients } from './nested-gradients.ts';
export { releasePool } from './pool.ts';
export { readTensors } from './readback.ts';
export type { ReplayDifference } from './recording/first-difference.ts';
export { RecordedWork, type RecordOptions } from './recording/recorded-work.ts';
