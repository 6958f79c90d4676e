import { StudioError } from '../../src/base/errors.ts';
import { resizedSize } from '../../src/data/resized-size.ts';
import {
  type CocoAnnotation,
  cropBoxes,
  flipBoxes,
  fromCoco,
  type LabelledBoxes,
  resizeBoxes,
  toTarget,
} from '../../src/data/transforms.ts';
import { type Check, compare, compareExact } from './check.ts';
import { goldenJson } from './golden-files.ts';

interface Result {
  readonly boxes: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly area: readonly number[];
  /** Height and width. */
  readonly size: readonly [number, number];
}

type Case = { readonly result: Result } & (
  | { readonly op: 'convert'; image_wh: [number, number]; annotations: CocoAnnotation[] }
  | { readonly op: 'crop'; region_top_left_h_w: [number, number, number, number] }
  | { readonly op: 'resize'; shortest: number; longest: number | null; out_wh: [number, number] }
  | { readonly op: 'hflip' | 'normalize' }
);

/** COCO annotations to boxes, and those boxes mirrored, cropped, resized and normalised. */
export async function* checkTransforms(folder: string): AsyncGenerator<Check> {
  const cases = await goldenJson<readonly Case[]>(folder, 'transforms.json');
  let start: LabelledBoxes | undefined;
  for (const [i, example] of cases.entries()) {
    const name = `transform ${i} (${example.op})`;
    if (example.op === 'convert') {
      const [w, h] = example.image_wh;
      start = fromCoco(example.annotations, { h, w });
    }
    if (!start) throw new StudioError('internal', `${name} stands before the annotations that it is applied to.`);
    const changed = apply(example, start);
    const boxes = example.op === 'normalize' ? toTarget(changed).boxesCxcywhNorm : changed.boxesXyxyPx;
    const { result } = example;
    // Both are 32-bit arithmetic in one order; pixels are up to some hundreds.
    yield compare(`${name}: boxes`, boxes, result.boxes.flat(), { rel: 1e-6 });
    yield compareExact(`${name}: labels`, [...changed.classIds], result.labels);
    yield compare(`${name}: areas`, changed.areas, result.area, { rel: 1e-6 });
    yield compareExact(`${name}: size`, [changed.size.h, changed.size.w], result.size);
  }
}

function apply(example: Case, labels: LabelledBoxes): LabelledBoxes {
  switch (example.op) {
    case 'hflip':
      return flipBoxes(labels);
    case 'crop': {
      const [top, left, h, w] = example.region_top_left_h_w;
      return cropBoxes(labels, top, left, { h, w });
    }
    case 'resize': {
      const longestEdge = example.longest ?? Number.POSITIVE_INFINITY;
      return resizeBoxes(labels, resizedSize(labels.size, { shortestEdge: example.shortest, longestEdge }));
    }
    case 'convert':
    case 'normalize':
      return labels;
  }
}
