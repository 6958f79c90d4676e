import { bytesOfFile, type ChunkedFile, textFile, wholeFile } from '../base/chunked-file.ts';
import { StudioError } from '../base/errors.ts';
import type { RgbImage } from '../data/types.ts';
import { curveSvg } from '../interop/card/curve-svg.ts';
import { modelCard } from '../interop/card/model-card.ts';
import { type Checkpoint, checkpointTexts, completeWeightsFile, readCheckpoint } from '../interop/checkpoint-files.ts';
import {
  CARD_FILE,
  CONFIG_FILE,
  HALF_WEIGHTS_FILE,
  ONNX_FILE,
  PREPROCESSOR_FILE,
  WEIGHTS_FILE,
} from '../interop/checkpoint-names.ts';
import { withCompleteConfig } from '../interop/complete-config.ts';
import { exportOnnx } from '../interop/onnx/export-onnx.ts';
import type { ModelFacts } from '../interop/types.ts';
import type { Detector } from './detector.ts';
import { makeReceipt } from './parity-receipt.ts';
import { receiptParagraphs } from './receipt-words.ts';
import { transformersModel } from './transformers-model.ts';
import type { DetectedBox, ExportKind, LoadOnnxRuntime, ParityReceipt } from './types.ts';

/** A file of an export, by its path in the folder. */
export interface ExportedFile {
  readonly path: string;
  readonly file: ChunkedFile;
}

export interface ExportedModel {
  readonly files: readonly ExportedFile[];
  readonly receipts: readonly ParityReceipt[];
}

/** What an export is made with. */
export interface ExportPorts {
  readonly onnxRuntime: LoadOnnxRuntime;
  /** The model as it was trained, on the device; borrowed until the export is made. */
  readonly detector: Detector;
  /** What that device is called. */
  readonly reference: string;
  /** A few pictures, best of a split that was not trained on. */
  readonly pictures: readonly RgbImage[];
  /** A picture with its boxes drawn, as a file: its ending, and its bytes. */
  readonly draw: (
    image: RgbImage,
    detections: readonly DetectedBox[],
  ) => Promise<{ readonly ending: string; readonly bytes: Uint8Array<ArrayBuffer> }>;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** What is done now. */
  readonly onStage?: (stage: 'checking' | 'checking-half') => void;
}

/** Boxes with a score above this are drawn on the card's picture. */
const DRAWN_SCORE = 0.5;

/**
 * Everything that an export consists of, checked by other implementations before any of it is written. `folder` is what the
 * folder will be called.
 *
 * The weights are written, read again, made into ONNX, and run by ONNX Runtime and transformers.js; what goes out as ONNX is
 * the one that was checked. Throws `bad-weights` past a tolerance, `usage` without a picture to check on.
 */
export async function exportModel(
  given: Checkpoint,
  facts: ModelFacts,
  kind: ExportKind,
  folder: string,
  ports: ExportPorts,
): Promise<ExportedModel> {
  if (ports.pictures.length === 0) {
    throw new StudioError('usage', 'There is no picture to check the export on; give it some, or a data set.');
  }
  const checkpoint = withCompleteConfig(given);
  const texts = checkpointTexts(checkpoint);
  const configs: readonly ExportedFile[] = [
    { path: CONFIG_FILE, file: textFile(texts.config) },
    { path: PREPROCESSOR_FILE, file: textFile(texts.preprocessor) },
  ];
  const wantsFull = kind !== 'safetensors-f16';
  const wantsHalf = kind === 'safetensors-f16' || kind === 'all';
  const receipts: ParityReceipt[] = [];
  const files: ExportedFile[] = [];
  if (wantsFull) {
    ports.onStage?.('checking');
    const weights = completeWeightsFile(checkpoint);
    const { onnx, receipt } = await checked(checkpoint, weights, 'f32', ports);
    receipts.push(receipt);
    if (kind !== 'onnx') files.push({ path: WEIGHTS_FILE, file: weights });
    if (kind !== 'safetensors') files.push(...configs, { path: ONNX_FILE, file: onnx });
  }
  if (wantsHalf) {
    ports.onStage?.('checking-half');
    const weights = completeWeightsFile(checkpoint, 'F16');
    receipts.push((await checked(checkpoint, weights, 'f16', ports)).receipt);
    files.push({ path: HALF_WEIGHTS_FILE, file: weights });
  }
  if (kind === 'folder' || kind === 'all') {
    files.push(...(await cardFiles(checkpoint, facts, folder, receipts, ports)));
  }
  return { files, receipts };
}

async function checked(
  { config, preprocessor }: Checkpoint,
  weights: ChunkedFile,
  precision: 'f32' | 'f16',
  ports: ExportPorts,
): Promise<{ readonly onnx: ChunkedFile; readonly receipt: ParityReceipt }> {
  const { detector, reference, pictures, now, signal } = ports;
  const runtime = await ports.onnxRuntime();
  const texts = checkpointTexts({ config, preprocessor });
  const read = readCheckpoint({ weights: bytesOfFile(weights), ...texts }, WEIGHTS_FILE);
  const onnx = exportOnnx(read.config, read.weights.values);
  const receipt = await makeReceipt({
    runtime,
    model: transformersModel({ config, preprocessor }, onnx),
    precision,
    pictures,
    reference,
    now,
    ...(signal && { signal }),
    ours: async (pixels, size) => {
      const [output] = await detector.queryOutputs(pixels, size, [size]);
      if (output === undefined) throw new StudioError('internal', 'The model said nothing of a picture.');
      return output;
    },
  });
  return { onnx, receipt };
}

/** The card, with its curve and its picture. */
async function cardFiles(
  checkpoint: Checkpoint,
  facts: ModelFacts,
  folder: string,
  receipts: readonly ParityReceipt[],
  { detector, pictures, draw }: ExportPorts,
): Promise<ExportedFile[]> {
  const files: ExportedFile[] = [];
  const svg = curveSvg(facts);
  const curvePath = svg === null ? null : 'images/curve.svg';
  if (svg !== null && curvePath !== null) files.push({ path: curvePath, file: textFile(svg) });
  const [shown] = pictures;
  let picturePath: string | null = null;
  if (shown !== undefined) {
    const { detections } = await detector.predict(shown, DRAWN_SCORE);
    const { ending, bytes } = await draw(shown, detections);
    picturePath = `images/found.${ending}`;
    files.push({ path: picturePath, file: wholeFile(bytes) });
  }
  const receipt = receipts.map(receiptParagraphs).join('\n\n');
  const card = modelCard({ checkpoint, facts, folder, receipt, curvePath, picturePath });
  return [...files, { path: CARD_FILE, file: textFile(card) }];
}
