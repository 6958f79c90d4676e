import type { Target } from '../data/types.ts';
import { type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../tf/index.ts';

/** The targets of a batch on the GPU, padded to one length; `dispose` frees them. */
export interface PackedTargets {
  /** `[B, T + 1]` i32; the last slot, and every unused one, is "no object". */
  readonly classIds: Tensor2D;
  /** `[B, T + 1, 4]` f32, cxcywh; unused slots hold the whole picture, so that no formula divides by zero. */
  readonly boxes: Tensor3D;
  /** `[B]` i32: how many are real. */
  readonly counts: Tensor1D;
  /** `[1]` f32: the number of real targets in the batch, at least 1. */
  readonly normaliser: Tensor1D;
  dispose(): void;
}

/** The most targets of a picture: the largest power of two that the matching on the GPU holds. */
export const MOST_TARGETS = 512;

const FEWEST_SLOTS = 4;
const WHOLE_PICTURE = [0.5, 0.5, 1, 1];

/** How many slots hold that many targets a picture: a power of two, so that few sizes occur. */
export function targetSlots(most: number): number {
  let slots = FEWEST_SLOTS;
  while (slots < most) slots *= 2;
  return slots;
}

/** The most targets that a picture of these has. */
export function mostTargets(targets: readonly Target[]): number {
  return Math.max(0, ...targets.map(({ classIds }) => classIds.length));
}

/** What `PackedTargets` holds, with so many slots a picture. */
export function targetValues(targets: readonly Target[], noObject: number, slots: number) {
  const B = targets.length;
  const classIds = new Int32Array(B * (slots + 1)).fill(noObject);
  const boxes = Float32Array.from({ length: B * (slots + 1) * 4 }, (_, i) => WHOLE_PICTURE[i % 4] ?? 0);
  for (const [b, target] of targets.entries()) {
    classIds.set(target.classIds, b * (slots + 1));
    boxes.set(target.boxesCxcywhNorm, b * (slots + 1) * 4);
  }
  const counts = Int32Array.from(targets, (target) => target.classIds.length);
  const normaliser = Float32Array.of(
    Math.max(
      1,
      counts.reduce((sum, n) => sum + n, 0),
    ),
  );
  return { classIds, boxes, counts, normaliser };
}

/** Uploads the targets of a batch, in as few slots as hold them unless told how many. */
export function packTargets(
  targets: readonly Target[],
  noObject: number,
  slots = targetSlots(mostTargets(targets)),
): PackedTargets {
  const B = targets.length;
  const { classIds, boxes, counts, normaliser } = targetValues(targets, noObject, slots);
  const tensors = {
    classIds: tf.tensor2d(classIds, [B, slots + 1], 'int32'),
    boxes: tf.tensor3d(boxes, [B, slots + 1, 4]),
    counts: tf.tensor1d(counts, 'int32'),
    normaliser: tf.tensor1d(normaliser),
  };
  return { ...tensors, dispose: () => tf.dispose(tensors) };
}
