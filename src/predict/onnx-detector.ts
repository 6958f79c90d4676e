import type { Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import type { QueryOutput } from './detector.ts';
import { DEVICE_NAMES } from './device-names.ts';
import type { OnnxDevice, OnnxRuntime } from './types.ts';

/** An exported model, run by ONNX Runtime alone. `dispose` frees it. */
export class OnnxDetector {
  private constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: Awaited<ReturnType<OnnxRuntime['ort']['InferenceSession']['create']>>,
  ) {}

  /** Throws `bad-weights` where the file is no model, or not one of ours. */
  static async open(runtime: OnnxRuntime, model: Uint8Array, device: OnnxDevice = 'wasm'): Promise<OnnxDetector> {
    const session = await runtime.ort.InferenceSession.create(model, { executionProviders: [device] }).catch(
      (cause: unknown) => {
        throw notOpened(cause, device);
      },
    );
    const missing = ['pixel_values', 'pixel_mask'].filter((name) => !session.inputNames.includes(name));
    if (missing.length > 0 || !['logits', 'pred_boxes'].every((name) => session.outputNames.includes(name))) {
      await session.release();
      throw new StudioError(
        'bad-weights',
        `The ONNX model takes ${session.inputNames.join(', ')} and gives ${session.outputNames.join(', ')}; expected a DETR with pixel_values, pixel_mask, logits and pred_boxes.`,
      );
    }
    return new OnnxDetector(runtime, session);
  }

  /** What every query of one picture says: `[h, w, 3]` f32, normalised, at its own size. */
  async queryOutput(pixelsNhwc: Float32Array, { h, w }: Size): Promise<QueryOutput> {
    const { Tensor } = this.runtime.ort;
    const feeds = {
      pixel_values: new Tensor('float32', channelsFirst(pixelsNhwc, h * w), [1, 3, h, w]),
      pixel_mask: new Tensor('int64', new BigInt64Array(h * w).fill(1n), [1, h, w]),
    };
    const results = await this.session.run(feeds).catch((cause: unknown) => {
      throw notRun(cause);
    });
    return { logits: floats(results.logits?.data), boxes: floats(results.pred_boxes?.data) };
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

/** The refusal of a file that ONNX Runtime could not open. */
export function notOpened(cause: unknown, device: OnnxDevice): StudioError {
  return new StudioError(
    'bad-weights',
    `ONNX Runtime could not open the model on ${DEVICE_NAMES[device]} (${saidBy(cause)}). Export it again, or take another file.`,
    {},
    { cause },
  );
}

/** What is thrown where a model was opened and then failed on a picture. */
export function notRun(cause: unknown): StudioError {
  return new StudioError(
    'bad-weights',
    `ONNX Runtime failed in the model (${saidBy(cause)}). Export it again, or take another file; a smaller picture needs less memory.`,
    {},
    { cause },
  );
}

/** True where WebAssembly itself was brought down: nothing more can be run in this thread. */
export function broughtDown(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof WebAssembly.RuntimeError) return true;
  }
  return false;
}

function saidBy(cause: unknown): string {
  return ((cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '').slice(0, 200);
}

function floats(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new StudioError('bad-weights', 'The ONNX model gives other numbers than float32; export it again from here.');
}

/** `[h, w, 3]` to `[3, h, w]`. */
function channelsFirst(pixels: Float32Array, cells: number): Float32Array {
  const planes = new Float32Array(cells * 3);
  for (let cell = 0; cell < cells; cell++) {
    for (let c = 0; c < 3; c++) planes[c * cells + cell] = pixels[cell * 3 + c] ?? 0;
  }
  return planes;
}
