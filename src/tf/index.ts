/** The one door to TensorFlow.js: every other room imports `tf` from here. */
export * as tf from '@tensorflow/tfjs';
export type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, TensorInfo, Variable } from '@tensorflow/tfjs';
export { dispatch, emptyTensor, type DispatchInput, type DispatchSpec, type DispatchUniform } from './dispatch.ts';
export { type GpuCounts, countGpuWork } from './gpu-counts.ts';
export { createGpuSession, type GpuSession, type GpuSessionOptions } from './gpu-session.ts';
