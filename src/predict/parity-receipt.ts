import { StudioError } from '../base/errors.ts';
import { preprocessPicture } from '../data/preprocess.ts';
import type { RgbImage } from '../data/types.ts';
import { compareInOrder } from './compare-detections.ts';
import type { QueryOutput } from './detector.ts';
import { OnnxDetector } from './onnx-detector.ts';
import { compareOwnResize } from './own-resize.ts';
import { receiptTolerance } from './receipt-tolerance.ts';
import { TransformersDetector } from './transformers-detector.ts';
import type { TransformersModel } from './transformers-model.ts';
import type { OnnxRuntime, ParityReceipt } from './types.ts';

/** What is asked for a receipt. */
export interface ParityRequest {
  readonly runtime: OnnxRuntime;
  /** The export, as another implementation reads it. */
  readonly model: TransformersModel;
  readonly precision: 'f32' | 'f16';
  readonly pictures: readonly RgbImage[];
  /** What our own pass says of a picture, `[h, w, 3]` f32 normalised, with the weights as they were trained. */
  readonly ours: (pixelsNhwc: Float32Array<ArrayBuffer>, size: RgbImage['size']) => Promise<QueryOutput>;
  /** What ours ran on, for people. */
  readonly reference: string;
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/**
 * Has ONNX Runtime and the pipeline of transformers.js look at the pictures, and compares both with our own pass.
 *
 * Throws `bad-weights` where anything is past its tolerance: what was exported is then not what was trained. What
 * transformers.js's own resize changes is measured beside, and refuses nothing.
 */
export async function makeReceipt(request: ParityRequest): Promise<ParityReceipt> {
  const { runtime, model, precision, pictures, reference } = request;
  const tolerance = receiptTolerance(precision);
  const [outputs, largest] = await compareOutputs(request);
  const found = { count: 0, different: 0, score: 0, boxPx: 0 };
  const ownResize = { count: 0, same: 0, extra: 0, score: 0, boxPx: 0 };
  const pipeline = await TransformersDetector.open(runtime, model, request.now, ['wasm']);
  try {
    for (const [index, picture] of pictures.entries()) {
      request.signal?.throwIfAborted();
      const output = outputs[index] ?? { logits: new Float32Array(), boxes: new Float32Array() };
      const kept = await pipeline.detectInOrder(picture, 0);
      const difference = compareInOrder(output, kept, picture.size, 2 * tolerance.logits);
      found.count += difference.count;
      found.different += difference.different;
      found.score = Math.max(found.score, difference.score);
      found.boxPx = Math.max(found.boxPx, difference.boxPx);
      const resized = compareOwnResize(kept, await pipeline.detectInOrder(picture, 0, true));
      ownResize.count += resized.count;
      ownResize.same += resized.same;
      ownResize.extra += resized.extra;
      ownResize.score = Math.max(ownResize.score, resized.score);
      ownResize.boxPx = Math.max(ownResize.boxPx, resized.boxPx);
    }
  } finally {
    await pipeline.dispose();
  }
  const { onnxRuntime, transformers } = runtime.versions;
  const receipt: ParityReceipt = {
    precision,
    reference,
    onnxRuntime,
    transformers,
    pictures: pictures.length,
    ...largest,
    detections: found,
    tolerance,
    ownResize,
  };
  refusePastTolerance(receipt);
  return receipt;
}

async function compareOutputs({
  runtime,
  model,
  pictures,
  ours,
  signal,
}: ParityRequest): Promise<[QueryOutput[], { logits: number; boxes: number }]> {
  const detector = await OnnxDetector.open(runtime, model.onnx);
  const outputs: QueryOutput[] = [];
  const largest = { logits: 0, boxes: 0 };
  try {
    for (const picture of pictures) {
      signal?.throwIfAborted();
      const { pixelsNhwc, size } = preprocessPicture(picture, model.preprocessing);
      const output = await ours(pixelsNhwc, size);
      const theirs = await detector.queryOutput(pixelsNhwc, size);
      outputs.push(output);
      largest.logits = Math.max(largest.logits, largestDifference(output.logits, theirs.logits));
      largest.boxes = Math.max(largest.boxes, largestDifference(output.boxes, theirs.boxes));
    }
  } finally {
    await detector.dispose();
  }
  return [outputs, largest];
}

/** Infinity where one is not a number, or they are not as many. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, i) => {
    const difference = Math.abs(value - (b[i] ?? Number.NaN));
    return difference <= most ? most : Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }, 0);
}

function refusePastTolerance({ logits, boxes, detections, tolerance }: ParityReceipt): void {
  const past = [
    ['class logits', logits, tolerance.logits],
    ['box coordinates', boxes, tolerance.boxes],
    ['scores', detections.score, tolerance.score],
    ['box corners in pixels', detections.boxPx, tolerance.boxPx],
    ['boxes of another class or place', detections.different, 0],
  ].filter((each): each is [string, number, number] => Number(each[1]) > Number(each[2]));
  if (past.length === 0) return;
  const said = past.map(([what, found, most]) => `${what}: ${found.toPrecision(3)}, at most ${most}`).join('; ');
  throw new StudioError(
    'bad-weights',
    `The export was refused: another implementation reads other results from it than the model gave here (${said}). Nothing was written; export it in full precision, or report this with the weights.`,
    { logits, boxes, score: detections.score, boxPx: detections.boxPx, different: detections.different },
  );
}
