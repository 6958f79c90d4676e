import type { Size } from '../base/boxes.ts';
import { preprocessPicture } from '../data/preprocess.ts';
import type { Batch, PreprocessorConfig, RgbImage } from '../data/types.ts';
import type { DetrForObjectDetection } from '../detr/model.ts';
import type { DetrOutput } from '../detr/types.ts';
import { releasePool, type Tensor, tf } from '../tf/index.ts';
import { postProcess, type QueryDetection } from './post-process.ts';
import type { Prediction } from './types.ts';

/** What every query of one picture says, from the last decoder layer. */
export interface QueryOutput {
  /** `[Q, C + 1]` f32. */
  readonly logits: Float32Array;
  /** `[Q, 4]` f32, cxcywh, fraction of the picture. */
  readonly boxes: Float32Array;
}

/** What is found in a picture, and what the picture looks like to the model. */
export interface DescribedPicture {
  readonly prediction: Prediction;
  /**
   * `[d]` f32 of length 1: the encoder's output, averaged over the picture. Of pictures that are alike to the model these have a
   * product near 1.
   */
  readonly descriptor: Float32Array<ArrayBuffer>;
}

/** Finds boxes in pictures with a model that it borrows. */
export class Detector {
  /** Of the last pass: batch and size. */
  #shape = '';

  constructor(
    private readonly model: DetrForObjectDetection,
    private readonly preprocessor: PreprocessorConfig,
    /** A clock in milliseconds. */
    private readonly now: () => number,
  ) {}

  /** Everything found in one picture with a score above `threshold`, best first, at the picture's own size, unpadded. */
  async predict(image: RgbImage, threshold: number): Promise<Prediction> {
    const start = this.now();
    const { pixelsNhwc, size } = preprocessPicture(image, this.preprocessor);
    const [output] = await this.queryOutputs(pixelsNhwc, size, [size]);
    return this.#predictionOf(output, image.size, threshold, start);
  }

  /** As `predict`, and what the picture looks like to the model. */
  async describe(image: RgbImage, threshold: number): Promise<DescribedPicture> {
    const start = this.now();
    const { pixelsNhwc, size } = preprocessPicture(image, this.preprocessor);
    this.#beginShape(size, 1);
    const pixels = tf.tensor4d(pixelsNhwc, [1, size.h, size.w, 3]);
    const memory = this.model.prepare(pixels, [size], { stage: 'memory' });
    const packed = tf.tidy(() => lastLayer(this.model.forward(memory)));
    const average: Tensor = memory.features.mean(1);
    memory.dispose();
    const [data, mean] = await Promise.all([packed.data<'float32'>(), average.data<'float32'>()]);
    tf.dispose([pixels, packed, average]);
    const [output] = this.#unpack(data, 1);
    const prediction = this.#predictionOf(output, image.size, threshold, start);
    return { prediction, descriptor: ofLengthOne(Float32Array.from(mean)) };
  }

  #predictionOf(output: QueryOutput | undefined, size: Size, threshold: number, start: number): Prediction {
    const { labels } = this.model.config;
    const detections = (output ? this.#postProcess(output, size, threshold) : [])
      .toSorted((a, b) => b.score - a.score)
      .map(({ labelId, score, boxXyxyPx }) => ({ label: labels[labelId] ?? '', labelId, score, boxXyxyPx }));
    return { size, detections, elapsedMs: this.now() - start };
  }

  /** Every query of every picture of a padded batch; `sizes` are the pictures' own, in pixels. */
  async detectBatch(batch: Batch, sizes: readonly Size[]): Promise<QueryDetection[][]> {
    const outputs = await this.queryOutputs(batch.pixelsNhwc, batch.size, batch.validSizes);
    return outputs.map((output, b) => this.#postProcess(output, sizes[b] ?? { h: 0, w: 0 }, 0));
  }

  /** The last layer's raw output for `[B, h, w, 3]` f32 pixels, padded to `size`; one readback. */
  async queryOutputs(pixelsNhwc: Float32Array, size: Size, validSizes: readonly Size[]): Promise<QueryOutput[]> {
    const B = validSizes.length;
    this.#beginShape(size, B);
    const pixels = tf.tensor4d(pixelsNhwc, [B, size.h, size.w, 3]);
    const packed = tf.tidy(() => lastLayer(this.model.predict(pixels, validSizes)));
    const data = await packed.data<'float32'>();
    tf.dispose([pixels, packed]);
    return this.#unpack(data, B);
  }

  /** What a pass of another shape has left pooled serves no other, and would only grow. */
  #beginShape({ h, w }: Size, B: number): void {
    const shape = [B, h, w].join(' x ');
    if (shape !== this.#shape) releasePool();
    this.#shape = shape;
  }

  #unpack(data: Float32Array, images: number): QueryOutput[] {
    const { numQueries: Q, labels } = this.model.config;
    const K = labels.length + 1;
    return Array.from({ length: images }, (_, b) => {
      const logits = new Float32Array(Q * K);
      const boxes = new Float32Array(Q * 4);
      for (let q = 0; q < Q; q++) {
        const at = (b * Q + q) * (K + 4);
        logits.set(data.subarray(at, at + K), q * K);
        boxes.set(data.subarray(at + K, at + K + 4), q * 4);
      }
      return { logits, boxes };
    });
  }

  #postProcess({ logits, boxes }: QueryOutput, size: Size, threshold: number): QueryDetection[] {
    const { numQueries, labels } = this.model.config;
    return postProcess(logits, boxes, { queries: numQueries, classes: labels.length, size }, threshold);
  }
}

/** Logits and boxes of the last decoder layer side by side, `[B * Q, C + 5]`: one tensor is read back. */
function lastLayer({ logits, boxes }: DetrOutput): Tensor {
  const [L, B, Q, K] = logits.shape;
  const last = tf.concat([logits, boxes], -1).slice([L - 1, 0, 0, 0], [1, B, Q, K + 4]);
  return last.reshape([B * Q, K + 4]);
}

function ofLengthOne(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((x) => x / length);
}
