import type { ObjectDetectionPipeline } from '@huggingface/transformers';
import { StudioError } from '../base/errors.ts';
import { resizePicture } from '../data/preprocess.ts';
import type { RgbImage } from '../data/types.ts';
import { CONFIG_FILE, ONNX_FILE, PREPROCESSOR_FILE } from '../interop/checkpoint-names.ts';
import { configureTransformers, offerModel } from './configure-transformers.ts';
import { notOpened, notRun } from './onnx-detector.ts';
import type { TransformersModel } from './transformers-model.ts';
import type { DetectedBox, OnnxDevice, OnnxRuntime, Prediction } from './types.ts';

/** Finds boxes by the pipeline of transformers.js on an exported model. `dispose` frees it. */
export class TransformersDetector {
  private constructor(
    private readonly runtime: OnnxRuntime,
    private readonly pipeline: ObjectDetectionPipeline,
    private readonly model: Omit<TransformersModel, 'onnx'>,
    readonly device: OnnxDevice,
    private readonly now: () => number,
  ) {}

  /** Of transformers.js. */
  get version(): string {
    return this.runtime.versions.transformers;
  }

  /** On the first of the runtime's devices that takes the model, unless one is named. Throws `bad-weights`. */
  static async open(
    runtime: OnnxRuntime,
    model: TransformersModel,
    now: () => number,
    devices: readonly OnnxDevice[] = runtime.devices,
  ): Promise<TransformersDetector> {
    const { onnx, ...kept } = model;
    let refusal: StudioError | null = null;
    for (const device of devices) {
      try {
        return new TransformersDetector(runtime, await openPipeline(runtime, model, device), kept, device, now);
      } catch (cause) {
        refusal ??= notOpened(cause, device);
      }
    }
    throw refusal ?? new StudioError('internal', 'No device was named to run the ONNX model on.');
  }

  /**
   * Everything found with a score above `threshold`, best first. The picture is resized by us first: its own resize is
   * another than the one that the model was trained with. As transformers.js keeps them: a query whose best class is "no
   * object" is dropped, whatever the threshold.
   */
  async predict(image: RgbImage, threshold: number): Promise<Prediction> {
    const start = this.now();
    const found = await this.detectInOrder(image, threshold);
    const detections = found.toSorted((a, b) => b.score - a.score);
    return { size: image.size, detections, elapsedMs: this.now() - start };
  }

  /**
   * The same in the order of queries. `ownResize`: transformers.js resizes the picture itself, by a canvas in a browser and
   * by sharp in Node, up to the longest edge.
   */
  async detectInOrder(image: RgbImage, threshold: number, ownResize = false): Promise<DetectedBox[]> {
    const { h, w } = image.size;
    const { data, size } = ownResize ? image : resizePicture(image, this.model.preprocessing);
    const picture = new this.runtime.transformers.RawImage(new Uint8ClampedArray(data), size.w, size.h, 3);
    const processor = this.pipeline.processor.image_processor;
    if (processor) Object.assign(processor, { do_resize: ownResize });
    // As fractions: in pixels it would cut them to whole ones.
    const found = await this.pipeline(picture, { threshold, percentage: true }).catch((cause: unknown) => {
      throw notRun(cause);
    });
    return found.map(({ label, score, box: { xmin, ymin, xmax, ymax } }) => ({
      label,
      labelId: this.model.labels.indexOf(label),
      score,
      boxXyxyPx: [xmin * w, ymin * h, xmax * w, ymax * h],
    }));
  }

  async dispose(): Promise<void> {
    await this.pipeline.dispose();
  }
}

async function openPipeline(
  { transformers }: OnnxRuntime,
  { onnx, config, preprocessor }: TransformersModel,
  device: OnnxDevice,
): Promise<ObjectDetectionPipeline> {
  configureTransformers(transformers);
  const encoder = new TextEncoder();
  const offered = offerModel(
    new Map([
      [CONFIG_FILE, encoder.encode(config)],
      [PREPROCESSOR_FILE, encoder.encode(preprocessor)],
      [ONNX_FILE, onnx],
    ]),
  );
  try {
    return await transformers.pipeline('object-detection', offered.id, {
      dtype: 'fp32',
      // It knows no device of an ONNX Runtime that it was given, as in Node; the session is told itself.
      device: 'auto',
      session_options: { executionProviders: [device] },
    });
  } finally {
    offered.withdraw();
  }
}
