/** Both rates at a step (from 1): constant, or a tenth after step `lrDrop` (torch's StepLR with one drop). */
export function learningRates(
  step: number,
  { lr, lrBackbone, lrDrop }: { readonly lr: number; readonly lrBackbone: number; readonly lrDrop: number | null },
): { readonly lr: number; readonly lrBackbone: number } {
  const factor = lrDrop !== null && step > lrDrop ? 0.1 : 1;
  return { lr: lr * factor, lrBackbone: lrBackbone * factor };
}
