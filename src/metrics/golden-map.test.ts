import { expect, it } from 'vitest';
import { describeWithFixture, readFixture } from '../base/test-fixtures.ts';
import { evaluateCoco } from './coco-ap.ts';
import { readCocoJson } from './coco-json.ts';
import { COCO_AREA_RANGES, COCO_IOU_THRESHOLDS, COCO_MAX_DETECTIONS, COCO_RECALL_THRESHOLDS } from './coco-params.ts';
import { evaluateDetections } from './report.ts';
import type { CocoSummary } from './types.ts';
import { evaluateVoc } from './voc-ap.ts';

interface GoldenVoc {
  readonly per_class: Record<
    string,
    { npos: number; tp?: number; fp?: number; ap_all: number | null; ap_11: number | null }
  >;
  readonly mAP_all: number | null;
  readonly mAP_11: number | null;
}

interface GoldenMap {
  readonly ground_truth: { readonly categories: readonly { id: number; name: string }[] };
  readonly detections: readonly unknown[];
  readonly coco: {
    readonly stats: Record<keyof CocoSummary, number>;
    readonly per_class: readonly (Partial<Record<keyof CocoSummary, number>> & { category_id: number })[];
    readonly precision_iou50_all_100: readonly (readonly number[])[];
  };
  readonly voc: Record<string, GoldenVoc>;
}

/** Double arithmetic throughout; only the order of additions may differ. */
const TOLERANCE = 1e-9;

function expectClose(actual: number | null | undefined, golden: number | null, what: string): void {
  // The reference writes -1 or null where there is nothing to measure.
  if (golden === null || golden === -1) expect(actual, what).toBeNull();
  else
    expect(Math.abs((actual ?? Number.NaN) - golden), `${what}: ${actual} for ${golden}`).toBeLessThanOrEqual(
      TOLERANCE,
    );
}

function load(name: string) {
  const golden = readFixture<GoldenMap>(`golden/map/${name}.json`);
  const problem = readCocoJson(
    { name: 'truth', text: JSON.stringify(golden.ground_truth) },
    { name: 'detections', text: JSON.stringify(golden.detections) },
  );
  return { golden, ...problem, categories: golden.ground_truth.categories.map(({ id }) => id).sort((a, b) => a - b) };
}

const names = ['basic', 'crowd_ties', 'edge_cases', 'no_detections', 'no_ground_truth', 'over_100_dets', 'perfect'];

describeWithFixture('golden/map', 'golden average precision', () => {
  it('has numpy’s own thresholds', () => {
    const params = readFixture<Record<string, unknown>>('golden/map/coco_params.json');
    expect(COCO_IOU_THRESHOLDS).toEqual(params.iouThrs);
    expect(COCO_RECALL_THRESHOLDS).toEqual(params.recThrs);
    expect(COCO_MAX_DETECTIONS).toEqual(params.maxDets);
    expect(COCO_AREA_RANGES).toEqual(params.areaRng);
  });

  it.each(names)('%s: COCO figures, of all and of each class', (name) => {
    const { golden, detections, groundTruth, classes, categories } = load(name);
    const { summary, perClass, precision50 } = evaluateCoco(detections, groundTruth, classes.length);
    for (const [key, value] of Object.entries(golden.coco.stats)) {
      expectClose(summary[key as keyof CocoSummary], value, key);
    }
    expect(golden.coco.per_class.length).toBe(classes.length);
    for (const { category_id: category, ...figures } of golden.coco.per_class) {
      const ours = perClass[categories.indexOf(category)];
      for (const [key, value] of Object.entries(figures)) {
        expectClose(ours?.[key as keyof CocoSummary], value, `${category} ${key}`);
      }
    }
    golden.coco.precision_iou50_all_100.forEach((curve, classId) => {
      const ours = precision50[classId];
      curve.forEach((value, i) => {
        expectClose(ours?.[i] ?? null, value, `precision of ${classId} at ${i}`);
      });
    });
  });

  it.each(names)('%s: VOC figures, both kinds of width and overlap', (name) => {
    const { golden, detections, groundTruth, classes, categories } = load(name);
    for (const [variant, expected] of Object.entries(golden.voc)) {
      const iouThreshold = Number(variant.split('_iou')[1]);
      const plus1 = variant.startsWith('plus1');
      const ours = evaluateVoc(detections, groundTruth, classes.length, { iouThreshold, plus1 });
      expectClose(ours.map, expected.mAP_all, `${variant} mAP`);
      expectClose(ours.map11Point, expected.mAP_11, `${variant} mAP 11 points`);
      for (const [category, figures] of Object.entries(expected.per_class)) {
        const result = ours.perClass[categories.indexOf(Number(category))];
        const where = `${variant} class ${category}`;
        expect(result?.npos, where).toBe(figures.npos);
        expectClose(result?.ap, figures.ap_all, where);
        expectClose(result?.ap11Point, figures.ap_11, `${where} 11 points`);
        const count = (decision: string) => result?.decisions.filter((each) => each === decision).length;
        if (figures.tp !== undefined) expect(count('tp'), `${where} tp`).toBe(figures.tp);
        if (figures.fp !== undefined) expect(count('fp'), `${where} fp`).toBe(figures.fp);
      }
    }
  });

  it.each(names)('%s: the report has the same figures by name', (name) => {
    const { golden, detections, groundTruth, classes } = load(name);
    const report = evaluateDetections({ detections, groundTruth, classes });
    expectClose(report.coco.AP, golden.coco.stats.AP, 'AP');
    expectClose(report.voc.map50, golden.voc['continuous_iou0.5']?.mAP_all ?? null, 'map50');
    expectClose(report.voc.map50_11_point, golden.voc['continuous_iou0.5']?.mAP_11 ?? null, 'map50_11_point');
    expect(Object.keys(report.coco.per_class)).toEqual(classes);
    expect(Object.keys(report.voc.per_class)).toEqual(classes);
  });
});
