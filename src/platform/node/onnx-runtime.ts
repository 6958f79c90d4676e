import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadOnnxRuntime } from '../../predict/types.ts';

/** By this name transformers.js finds an ONNX Runtime that is there already. */
const ONNX_RUNTIME = Symbol.for('onnxruntime');

/** ONNX Runtime Web in WebAssembly, below transformers.js too: its native one is not installed. */
export const loadOnnxRuntime: LoadOnnxRuntime = async () => {
  const ort = await import('onnxruntime-web');
  // Where none is said, transformers.js would have it come from a CDN.
  ort.env.wasm.wasmPaths = `${pathToFileURL(dirname(createRequire(import.meta.url).resolve('onnxruntime-web'))).href}/`;
  Object.assign(globalThis, { [ONNX_RUNTIME]: ort });
  const transformers = await import('@huggingface/transformers');
  const versions = { onnxRuntime: ort.env.versions.web ?? '', transformers: transformers.env.version };
  return { ort, transformers, versions, devices: ['wasm'] };
};
