import { readdir } from 'node:fs/promises';
import { evaluateCoco } from '../../src/metrics/coco-ap.ts';
import { readCocoJson } from '../../src/metrics/coco-json.ts';
import {
  COCO_AREA_RANGES,
  COCO_IOU_THRESHOLDS,
  COCO_MAX_DETECTIONS,
  COCO_RECALL_THRESHOLDS,
} from '../../src/metrics/coco-params.ts';
import type { CocoSummary } from '../../src/metrics/types.ts';
import { evaluateVoc } from '../../src/metrics/voc-ap.ts';
import { type Check, compare, compareExact } from './check.ts';
import { goldenJson, hasGolden } from './golden-files.ts';

type Figures = Partial<Readonly<Record<keyof CocoSummary, number | null>>>;

interface GoldenVoc {
  readonly per_class: Readonly<
    Record<string, { npos: number; tp?: number; fp?: number; ap_all: number | null; ap_11: number | null }>
  >;
  readonly mAP_all: number | null;
  readonly mAP_11: number | null;
}

interface GoldenMap {
  readonly ground_truth: { readonly categories: readonly { readonly id: number }[] };
  readonly detections: readonly unknown[];
  readonly coco: {
    readonly stats: Figures;
    readonly per_class: readonly (Figures & { readonly category_id: number })[];
    readonly precision_iou50_all_100: readonly (readonly number[])[];
  };
  readonly voc: Readonly<Record<string, GoldenVoc>>;
}

type Problem = ReturnType<typeof readCocoJson> & { readonly categories: readonly number[] };

const PARAMETERS = 'coco_params.json';
/** Double arithmetic throughout: the order of additions alone may differ. */
const TOLERANCE = { abs: 1e-9 };

/** Average precision, COCO's and VOC's, of every file of detections in the folder. */
export async function* checkAveragePrecision(folder: string): AsyncGenerator<Check> {
  if (hasGolden(folder, PARAMETERS)) yield* checkParameters(folder);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json') && file !== PARAMETERS).sort();
  for (const file of files) {
    const golden = await goldenJson<GoldenMap>(folder, file);
    const problem = readCocoJson(
      { name: `${file}, ground_truth`, text: JSON.stringify(golden.ground_truth) },
      { name: `${file}, detections`, text: JSON.stringify(golden.detections) },
    );
    const categories = golden.ground_truth.categories.map(({ id }) => id).sort((a, b) => a - b);
    yield* checkCoco(file, golden, { ...problem, categories });
    yield* checkVoc(file, golden, { ...problem, categories });
  }
}

async function* checkParameters(folder: string): AsyncGenerator<Check> {
  const golden = await goldenJson<Readonly<Record<string, unknown>>>(folder, PARAMETERS);
  yield compareExact('COCO overlap thresholds', COCO_IOU_THRESHOLDS, golden.iouThrs);
  yield compareExact('COCO recall thresholds', COCO_RECALL_THRESHOLDS, golden.recThrs);
  yield compareExact('COCO numbers of detections', COCO_MAX_DETECTIONS, golden.maxDets);
  yield compareExact('COCO area ranges', COCO_AREA_RANGES, golden.areaRng);
}

/** One figure; the reference writes null or -1 where there is nothing to measure. */
function compareFigure(name: string, actual: number | null | undefined, golden: number | null): Check {
  if (golden === null || golden === -1) return compareExact(`${name} is not defined`, actual ?? null, null);
  return compare(name, [actual ?? Number.NaN], [golden], TOLERANCE);
}

function* compareFigures(name: string, actual: CocoSummary | undefined, golden: Figures): Generator<Check> {
  for (const [key, value] of Object.entries(golden)) {
    yield compareFigure(`${name} ${key}`, actual?.[key as keyof CocoSummary], value);
  }
}

function* checkCoco(
  file: string,
  { coco }: GoldenMap,
  { detections, groundTruth, classes, categories }: Problem,
): Generator<Check> {
  const { summary, perClass, precision50 } = evaluateCoco(detections, groundTruth, classes.length);
  yield* compareFigures(`${file} COCO`, summary, coco.stats);
  for (const { category_id: category, ...figures } of coco.per_class) {
    yield* compareFigures(`${file} COCO class ${category}`, perClass[categories.indexOf(category)], figures);
  }
  for (const [classId, curve] of coco.precision_iou50_all_100.entries()) {
    const ours = precision50[classId] ?? curve.map(() => -1);
    yield compare(`${file} COCO precision of class ${categories[classId]} at 0.5`, ours, curve, TOLERANCE);
  }
}

function* checkVoc(
  file: string,
  { voc }: GoldenMap,
  { detections, groundTruth, classes, categories }: Problem,
): Generator<Check> {
  for (const [variant, golden] of Object.entries(voc)) {
    const iouThreshold = Number(variant.split('_iou')[1]);
    const options = { iouThreshold, plus1: variant.startsWith('plus1') };
    const ours = evaluateVoc(detections, groundTruth, classes.length, options);
    const name = `${file} VOC ${variant}`;
    yield compareFigure(`${name} mAP`, ours.map, golden.mAP_all);
    yield compareFigure(`${name} mAP, 11 points`, ours.map11Point, golden.mAP_11);
    for (const [category, figures] of Object.entries(golden.per_class)) {
      const found = ours.perClass[categories.indexOf(Number(category))];
      const of = `${name} class ${category}`;
      yield compareExact(`${of} boxes`, found?.npos, figures.npos);
      yield compareFigure(`${of} AP`, found?.ap, figures.ap_all);
      yield compareFigure(`${of} AP, 11 points`, found?.ap11Point, figures.ap_11);
      for (const decision of ['tp', 'fp'] as const) {
        if (figures[decision] === undefined) continue;
        const count = found?.decisions.filter((each) => each === decision).length;
        yield compareExact(`${of} ${decision}`, count, figures[decision]);
      }
    }
  }
}
