import type { Size } from '../../src/base/boxes.ts';
import type { Target } from '../../src/data/types.ts';
import { type GoldenTensors, GoldenTensors as Tensors } from './golden-files.ts';
import { nchwToNhwc } from './layout.ts';

/** A golden batch in the form that training takes. */
export interface GoldenBatch {
  readonly pixelsNhwc: Float32Array;
  readonly size: Size;
  readonly validSizes: readonly Size[];
  readonly targets: readonly Target[];
}

/** Reads `batch.safetensors` of a whole-model folder. */
export async function readGoldenBatch(folder: string): Promise<GoldenBatch> {
  const golden = await Tensors.open(folder, 'batch.safetensors');
  const shape = golden.shape('pixel_values');
  const [B = 0, , h = 0, w = 0] = shape;
  const sizes = golden.numbers('sizes');
  return {
    pixelsNhwc: nchwToNhwc(golden.floats('pixel_values'), shape),
    size: { h, w },
    validSizes: Array.from({ length: B }, (_, b) => ({ h: sizes[2 * b] ?? 0, w: sizes[2 * b + 1] ?? 0 })),
    targets: goldenTargets(golden, B, ''),
  };
}

/** `<prefix>labels.<b>.{class_labels,boxes}` of each picture. */
export function goldenTargets(golden: GoldenTensors, images: number, prefix: string): Target[] {
  return Array.from({ length: images }, (_, b) => ({
    classIds: Int32Array.from(golden.numbers(`${prefix}labels.${b}.class_labels`)),
    boxesCxcywhNorm: golden.floats(`${prefix}labels.${b}.boxes`),
  }));
}

/** A picture without objects. */
export const NO_TARGET: Target = { classIds: new Int32Array(), boxesCxcywhNorm: new Float32Array() };
