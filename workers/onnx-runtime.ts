import { sharedPromise } from '../src/base/shared-promise.ts';
import type { LoadOnnxRuntime } from '../src/predict/types.ts';

/** Megabytes: fetched when the first model is to be run by them, and then kept. */
export const onnxRuntime: LoadOnnxRuntime = sharedPromise(async () => {
  const { loadOnnxRuntime } = await import('../src/platform/browser/onnx-runtime.ts');
  return loadOnnxRuntime();
}).get;
