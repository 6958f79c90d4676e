import { bytesOfFile } from '../src/base/chunked-file.ts';
import { exportOnnx } from '../src/interop/onnx/export-onnx.ts';
import { loadOnnxRuntime } from '../src/platform/node/onnx-runtime.ts';
import { OnnxDetector } from '../src/predict/onnx-detector.ts';
import type { OpenOnnxPeer } from './gpu-bench.ts';

/** Opens our own export of a model for pixels `[side, side, 3]`. */
export const openOnnxPeer: OpenOnnxPeer = async (config, values, pixelsNhwc, side) => {
  const detector = await OnnxDetector.open(await loadOnnxRuntime(), bytesOfFile(exportOnnx(config, values)));
  const run = () => detector.queryOutput(pixelsNhwc, { h: side, w: side });
  return {
    contender: {
      async run(times) {
        for (let i = 0; i < times; i++) await run();
        return undefined;
      },
    },
    async results() {
      const { logits, boxes } = await run();
      return [logits, boxes];
    },
    dispose: () => detector.dispose(),
  };
};
