import type { DataId, TensorInfo } from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** One tensor's storage as the WebGPU backend keeps it: on the CPU, on the GPU, or both. */
export interface TensorData {
  values: Float32Array | Int32Array | Uint8Array | null | undefined;
  resource: GPUBuffer | null | undefined;
}

/** A value for a program's uniform block. */
export interface UniformValue {
  readonly type: 'int32' | 'uint32' | 'float32';
  readonly data: number[];
}

/**
 * What this project uses of the backend beyond its declared types (tfjs-backend-webgpu 4.22.0,
 * `dist/backend_webgpu.js` and `dist/buffer_manager.js`). Everything that leans on it stands in `src/tf/`.
 */
export interface BackendInternals {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: { get(id: DataId): TensorData };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
    readonly freeBuffers: Map<string, GPUBuffer[]>;
    numFreeBuffers: number;
    numBytesAllocated: number;
  };
  readonly pipelineCache: Record<string, GPUComputePipeline>;
  readonly commandQueueOwnedIds: { add(id: DataId): unknown };
  readonly computePassEncoder: GPUComputePassEncoder | null;
  readonly commandEncoder: GPUCommandEncoder | null;
  dispatchCountInPass: number;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  uploadToGPU(id: DataId): void;
  makeUniforms(values: UniformValue[]): { buffer: GPUBuffer; offset: number; size: number };
  makeTensorInfo(shape: number[], dtype: string): TensorInfo;
  recordAndSubmit(...args: unknown[]): void;
  memory(): { numBytesInGPU: number; numBytesAllocatedInGPU: number };
}

/** The same object under the type above. */
export function internalsOf(backend: WebGPUBackend): BackendInternals {
  return backend as unknown as BackendInternals;
}
