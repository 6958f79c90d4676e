import { decodeWith } from '../src/data/decode.ts';
import { preprocessPicture } from '../src/data/preprocess.ts';
import { DetrForObjectDetection } from '../src/detr/model.ts';
import { readCheckpoint } from '../src/interop/checkpoint-files.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { Detector } from '../src/predict/detector.ts';
import { createGpuSession } from '../src/tf/index.ts';

/** What `logits.e2e.ts` calls: the page shows boxes above a threshold, and this what they are made of. */
declare global {
  interface Window {
    rawOutput(address: string): Promise<{ readonly logits: number[]; readonly boxes: number[] }>;
  }
}

const FOLDER = '/sample/tiny-detr-emoji';

window.rawOutput = async (address) => {
  const session = await createGpuSession(navigator.gpu);
  const weights = new Uint8Array(await (await fetch(`${FOLDER}/model.safetensors`)).arrayBuffer());
  const config = await (await fetch(`${FOLDER}/config.json`)).text();
  const preprocessor = await (await fetch(`${FOLDER}/preprocessor_config.json`)).text();
  const checkpoint = readCheckpoint({ weights, config, preprocessor }, 'tiny');
  const model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
  const detector = new Detector(model, checkpoint.preprocessor.config, () => performance.now());
  const jpeg = new Uint8Array(await (await fetch(address)).arrayBuffer());
  const { pixelsNhwc, size } = preprocessPicture(await decodeWith(decodePixels)(jpeg), checkpoint.preprocessor.config);
  const [output] = await detector.queryOutputs(pixelsNhwc, size, [size]);
  session.throwIfFailed();
  model.dispose();
  session.dispose();
  return { logits: Array.from(output?.logits ?? []), boxes: Array.from(output?.boxes ?? []) };
};
