import type * as Transformers from '@huggingface/transformers';
import type * as Ort from 'onnxruntime-web';
import type { BoxXyxy, Size } from '../base/boxes.ts';

/** One box found in a picture. */
export interface DetectedBox {
  readonly label: string;
  readonly labelId: number;
  /** 0..1. */
  readonly score: number;
  /** Pixels of the picture as displayed; not clipped to it. */
  readonly boxXyxyPx: BoxXyxy;
}

/** Everything found in one picture above the threshold, best first. */
export interface Prediction {
  readonly size: Size;
  readonly detections: readonly DetectedBox[];
  /** From decoded pixels to boxes. */
  readonly elapsedMs: number;
}

/** What weights see in a picture that waits for labels. */
export interface LookedAtPicture {
  /** Best first, under the weights' class names. */
  readonly detections: readonly DetectedBox[];
  /** `[d]` f32 of length 1; of pictures that are alike to the model these have a product near 1. */
  readonly descriptor: Float32Array<ArrayBuffer>;
}

/** What transformers.js finds otherwise in pictures that it resizes itself; of boxes with a score of a half and more. */
export interface OwnResizeDifference {
  /** Boxes found in the pictures as we resize them. */
  readonly count: number;
  /** Of these, found again: the same class, overlapping by half. */
  readonly same: number;
  /** Found only in the pictures as it resizes them. */
  readonly extra: number;
  /** Largest differences among those found again: of scores, and of corners in pixels. */
  readonly score: number;
  readonly boxPx: number;
}

/** That an export says what the model says: measured by implementations that did not train it. */
export interface ParityReceipt {
  readonly precision: 'f32' | 'f16';
  /** What our own pass ran on. */
  readonly reference: string;
  /** Versions of ONNX Runtime Web and of transformers.js. */
  readonly onnxRuntime: string;
  readonly transformers: string;
  readonly pictures: number;
  /** Largest differences between ONNX Runtime and us, of every query: class logits, and box coordinates as fractions. */
  readonly logits: number;
  readonly boxes: number;
  /** Between the pipeline of transformers.js and us: queries that find something, how many differ, and by how much at most. */
  readonly detections: {
    readonly count: number;
    readonly different: number;
    readonly score: number;
    readonly boxPx: number;
  };
  readonly tolerance: {
    readonly logits: number;
    readonly boxes: number;
    readonly score: number;
    readonly boxPx: number;
  };
  readonly ownResize: OwnResizeDifference;
}

/** The two libraries that run an ONNX model, one on top of the other: both with the same ONNX Runtime below. */
export interface OnnxRuntime {
  readonly ort: typeof Ort;
  readonly transformers: typeof Transformers;
  /** Their versions, for people. */
  readonly versions: { readonly onnxRuntime: string; readonly transformers: string };
  /** What a model can be run on here, the fastest first. */
  readonly devices: readonly OnnxDevice[];
}

/** What ONNX Runtime computes on: the graphics card, or the processor through WebAssembly. */
export type OnnxDevice = 'webgpu' | 'wasm';

/** Loads both from files of our own; megabytes, so only once somebody wants them. Throws `network`. */
export type LoadOnnxRuntime = () => Promise<OnnxRuntime>;

/** What a model can be exported as; `all` has the weights in half precision beside the folder's files. */
export type ExportKind = 'folder' | 'safetensors' | 'safetensors-f16' | 'onnx' | 'all';

/** Who predicts: our own pass on WebGPU, or transformers.js on the model as ONNX, which needs no WebGPU. */
export type PredictEngine = 'detrain' | 'transformers.js';
