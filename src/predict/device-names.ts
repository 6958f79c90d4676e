import type { OnnxDevice } from './types.ts';

/** How messages call a device. */
export const DEVICE_NAMES: Readonly<Record<OnnxDevice, string>> = { webgpu: 'WebGPU', wasm: 'WebAssembly' };
