/// <reference types="@webgpu/types" />
import { StudioError } from '../../base/errors.ts';

/** What keeps Dawn alive: once the object that `create` returned is collected, the process aborts. */
const ALIVE = Symbol.for('detrain.dawn');

/**
 * Dawn's `GPU` for Node, with the globals and the `navigator.gpu` that tfjs looks for. Which adapters it finds is set by
 * the environment (`VK_ICD_FILENAMES`) before the first call. Throws `gpu-unavailable` where the package is not installed.
 */
export async function nodeGpu(): Promise<GPU> {
  const existing = (globalThis as { [ALIVE]?: GPU })[ALIVE];
  if (existing) return existing;
  let dawn: typeof import('webgpu');
  try {
    dawn = await import('webgpu');
  } catch (cause) {
    throw new StudioError(
      'gpu-unavailable',
      'WebGPU for Node could not be loaded: the optional package "webgpu" is missing, or libvulkan is. Run `npm ci` again without `--omit=optional`.',
      {},
      { cause },
    );
  }
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]) as GPU;
  Object.assign(globalThis, { [ALIVE]: gpu });
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  return gpu;
}
