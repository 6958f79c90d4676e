import factoryAddress from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import binaryAddress from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { isSoftwareAdapter } from '../../base/adapter-name.ts';
import { StudioError } from '../../base/errors.ts';
import type { LoadOnnxRuntime, OnnxDevice } from '../../predict/types.ts';

/** ONNX Runtime Web and transformers.js, from files of this site: by default they would come from a CDN. */
export const loadOnnxRuntime: LoadOnnxRuntime = async () => {
  try {
    const ort = await import('onnxruntime-web/webgpu');
    const absolute = (address: string) => new URL(address, import.meta.url).href;
    ort.env.wasm.wasmPaths = { mjs: absolute(factoryAddress), wasm: absolute(binaryAddress) };
    const transformers = await import('@huggingface/transformers');
    const versions = { onnxRuntime: ort.env.versions.web ?? '', transformers: transformers.env.version };
    return { ort, transformers, versions, devices: await onnxDevices() };
  } catch (cause) {
    const message =
      'ONNX Runtime and transformers.js did not arrive; check the connection to this site, then try again.';
    throw new StudioError('network', message, {}, { cause });
  }
};

/** A graphics card before the processor; but no WebGPU that computes on the processor itself, which WebAssembly does faster. */
async function onnxDevices(): Promise<readonly OnnxDevice[]> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  return adapter && !isSoftwareAdapter(adapter.info) ? ['webgpu', 'wasm'] : ['wasm'];
}
