import type { Size } from '../../src/base/boxes.ts';
import { featurePadMask } from '../../src/detr/padding.ts';
import { sinePositions } from '../../src/detr/position.ts';
import { type Check, compare, compareExact } from './check.ts';
import { GoldenTensors, goldenJson } from './golden-files.ts';
import { nhwcToNchw } from './layout.ts';

/** Sine position embeddings of given padding masks. */
export async function* checkSine(folder: string): AsyncGenerator<Check> {
  const golden = await GoldenTensors.open(folder, 'sine.safetensors');
  for (const name of golden.names().filter((each) => each.endsWith('.pos'))) {
    const [B = 0, d = 0, h = 0, w = 0] = golden.shape(name);
    const masks = Uint8Array.from(golden.numbers(name.replace(/pos$/, 'pad_mask')));
    const positions = new Float32Array(B * h * w * d);
    for (let b = 0; b < B; b++) {
      const mask = masks.subarray(b * h * w, (b + 1) * h * w);
      positions.set(sinePositions(mask, { h, w }, d), b * h * w * d);
    }
    yield compare(`sine ${name}`, nhwcToNchw(positions, [B, h, w, d]), golden.floats(name), { abs: 2e-6 });
  }
}

interface NearestCase {
  readonly in: number;
  readonly out: number;
  readonly src: readonly number[];
}

/** Which pixel each cell of the down-sampled mask looks at, along both axes. */
export async function* checkNearestIndex(folder: string): AsyncGenerator<Check> {
  const { cases } = await goldenJson<{ readonly cases: readonly NearestCase[] }>(folder, 'nearest_index.json');
  for (const { in: pixels, out: cells, src } of cases) {
    for (const axis of ['h', 'w'] as const) {
      const along = (n: number): Size => (axis === 'h' ? { h: n, w: 1 } : { h: 1, w: n });
      // A cell is padding as long as the picture ends at or before its pixel.
      const found = new Array<number>(cells).fill(0);
      for (let end = 1; end <= pixels; end++) {
        const mask = featurePadMask(along(end), along(pixels), along(cells));
        for (let k = 0; k < cells; k++) found[k] = (found[k] ?? 0) + (mask[k] ?? 0);
      }
      yield compareExact(`nearest index ${pixels} to ${cells}, ${axis}`, found, src);
    }
  }
}
