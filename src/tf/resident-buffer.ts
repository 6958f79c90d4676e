import type { TensorInfo } from '@tensorflow/tfjs';
import { StudioError } from '../base/errors.ts';
import type { BackendInternals } from './backend-internals.ts';

/** The GPU buffer of a tensor, which is uploaded where it was not; it stays the tensor's. */
export function residentBuffer(backend: BackendInternals, { dataId }: Pick<TensorInfo, 'dataId'>): GPUBuffer {
  backend.uploadToGPU(dataId);
  const { resource } = backend.tensorMap.get(dataId);
  if (!resource) throw new StudioError('internal', 'A tensor has no GPU buffer after its upload.');
  return resource;
}
