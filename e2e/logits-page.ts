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

async function open() {
  const session = await createGpuSession(navigator.gpu);
  const weights = new Uint8Array(await (await fetch(`${FOLDER}/model.safetensors`)).arrayBuffer());
  const config = await (await fetch(`${FOLDER}/config.json`)).text();
  const text = await (await fetch(`${FOLDER}/preprocessor_config.json`)).text();
  const checkpoint = readCheckpoint({ weights, config, preprocessor: text }, 'tiny');
  const model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
  const preprocessor = checkpoint.preprocessor.config;
  return { session, preprocessor, detector: new Detector(model, preprocessor, () => performance.now()) };
}

// One device for all pictures: its programs compile once.
const opened = open();

window.rawOutput = async (address) => {
  const { session, preprocessor, detector } = await opened;
  const jpeg = new Uint8Array(await (await fetch(address)).arrayBuffer());
  const { pixelsNhwc, size } = preprocessPicture(await decodeWith(decodePixels)(jpeg), preprocessor);
  const [output] = await detector.queryOutputs(pixelsNhwc, size, [size]);
  session.throwIfFailed();
  return { logits: Array.from(output?.logits ?? []), boxes: Array.from(output?.boxes ?? []) };
};
