import { postProcess } from '../../src/predict/post-process.ts';
import { type Check, compare, compareExact } from './check.ts';
import { GoldenTensors, goldenJson, hasGolden } from './golden-files.ts';

/** Best class, score and box in pixels of every query, and which queries a threshold keeps. */
export async function* checkPostProcess(folder: string): AsyncGenerator<Check> {
  const golden = await GoldenTensors.open(folder, 'postprocess.safetensors');
  const [B = 0, queries = 0, K = 0] = golden.shape('logits');
  const sizes = golden.numbers('orig_sizes_hw');
  const logits = golden.floats('logits');
  const boxes = golden.floats('pred_boxes');
  const foundAbove = (threshold: number) =>
    Array.from({ length: B }, (_, b) => {
      const size = { h: sizes[2 * b] ?? 0, w: sizes[2 * b + 1] ?? 0 };
      const ownLogits = logits.subarray(b * queries * K, (b + 1) * queries * K);
      const ownBoxes = boxes.subarray(b * queries * 4, (b + 1) * queries * 4);
      return postProcess(ownLogits, ownBoxes, { queries, classes: K - 1, size }, threshold);
    });

  // No score is below zero, so that nothing is left out.
  const all = foundAbove(-1).flat();
  yield compareExact(
    'post-processing: best class',
    all.map(({ labelId }) => labelId),
    golden.numbers('labels'),
  );
  yield compare(
    'post-processing: score',
    all.map(({ score }) => score),
    golden.floats('scores'),
    { abs: 1e-6 },
  );
  const corners = all.flatMap(({ boxXyxyPx }) => boxXyxyPx);
  yield compare('post-processing: boxes in pixels', corners, golden.floats('boxes_xyxy_abs'), { rel: 1e-6 });
  if (!hasGolden(folder, 'postprocess.json')) return;
  const { hf_threshold_keep: kept } = await goldenJson<{
    readonly hf_threshold_keep: Readonly<Record<string, readonly (readonly number[])[]>>;
  }>(folder, 'postprocess.json');
  for (const [threshold, queriesOfImages] of Object.entries(kept)) {
    const found = foundAbove(Number(threshold)).map((detections) => detections.map(({ query }) => query));
    yield compareExact(`post-processing: kept above ${threshold}`, found, queriesOfImages);
  }
}
