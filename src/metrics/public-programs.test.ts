import { expect, it } from 'vitest';
import { describeWithFixture, readFixture } from '../base/test-fixtures.ts';
import type { Detection, GroundTruth } from './types.ts';
import type { VocEvaluation, VocOptions } from './voc-ap.ts';
import { evaluateVoc } from './voc-ap.ts';

type TruthRow = readonly [
  image: string,
  name: string,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  difficult?: number,
];
type FoundRow = readonly [image: string, name: string, score: number, x0: number, y0: number, x1: number, y1: number];

interface Rows {
  readonly ground_truth: readonly TruthRow[];
  readonly detections: readonly FoundRow[];
}

interface ClassFigures {
  readonly npos: number;
  readonly tp: number;
  readonly fp: number;
  readonly ignored?: number;
  readonly AP_all_point: number | null;
  readonly AP_11_point: number | null;
  readonly decisions_by_rank?: readonly string[];
  readonly no_plus1?: Omit<ClassFigures, 'npos'>;
  readonly no_plus1_AP_all_point?: number;
}

interface Result {
  readonly iou_threshold: number;
  readonly classes: Readonly<Record<string, ClassFigures>>;
  readonly mAP_all_point: number;
  readonly mAP_11_point: number;
  readonly no_plus1_mAP_all_point?: number;
  readonly no_plus1_mAP_11_point?: number;
}

interface MicroCase extends Rows {
  readonly name: string;
  readonly iou_threshold: number;
  readonly expected_plus1: Readonly<Record<string, ClassFigures>>;
  readonly expected_no_plus1?: Readonly<Record<string, ClassFigures>>;
}

function load(rows: Rows) {
  const names = [...new Set([...rows.ground_truth, ...rows.detections].map(([, name]) => name))].sort();
  const images = [...new Set([...rows.ground_truth, ...rows.detections].map(([image]) => image))].sort();
  const truth = rows.ground_truth.map(([image, name, x0, y0, x1, y1, difficult = 0]): GroundTruth => {
    return {
      imageId: images.indexOf(image),
      classId: names.indexOf(name),
      boxXyxy: [x0, y0, x1, y1],
      difficult: difficult === 1,
    };
  });
  const detections = rows.detections.map(([image, name, score, x0, y0, x1, y1]): Detection => {
    return { imageId: images.indexOf(image), classId: names.indexOf(name), score, boxXyxy: [x0, y0, x1, y1] };
  });
  return { names, evaluate: (options: VocOptions) => evaluateVoc(detections, truth, names.length, options) };
}

function expectClose(actual: number | null | undefined, expected: number | null, what: string): void {
  if (expected === null) expect(actual, what).toBeNull();
  else
    expect(Math.abs((actual ?? Number.NaN) - expected), `${what}: ${actual} for ${expected}`).toBeLessThanOrEqual(1e-9);
}

function expectClass(ours: VocEvaluation, classId: number, figures: Partial<ClassFigures>, what: string): void {
  const result = ours.perClass[classId];
  const count = (decision: string) => result?.decisions.filter((each) => each === decision).length;
  if (figures.npos !== undefined) expect(result?.npos, what).toBe(figures.npos);
  if (figures.tp !== undefined) expect(count('tp'), `${what} tp`).toBe(figures.tp);
  if (figures.fp !== undefined) expect(count('fp'), `${what} fp`).toBe(figures.fp);
  if (figures.ignored !== undefined) expect(count('ignored'), `${what} ignored`).toBe(figures.ignored);
  if (figures.AP_all_point !== undefined) expectClose(result?.ap, figures.AP_all_point, `${what} all points`);
  if (figures.AP_11_point !== undefined) expectClose(result?.ap11Point, figures.AP_11_point, `${what} 11 points`);
  if (figures.decisions_by_rank !== undefined) {
    const decisions = figures.decisions_by_rank.map((each) => each.replace('fp-duplicate', 'fp'));
    expect(result?.decisions, what).toEqual(decisions);
  }
}

describeWithFixture('metrics', 'VOC AP of public programs', () => {
  it.each(['padilla_sample2', 'cartucho_indoor', 'cartucho_indoor_difficult'])('%s', (folder) => {
    const { names, evaluate } = load(readFixture<Rows>(`metrics/${folder}/data.json`));
    const { results } = readFixture<{ results: readonly Result[] }>(`metrics/${folder}/expected.json`);
    expect(results.length).toBeGreaterThan(0);
    for (const result of results) {
      const inclusive = evaluate({ iouThreshold: result.iou_threshold, plus1: true });
      const continuous = evaluate({ iouThreshold: result.iou_threshold });
      const at = `at ${result.iou_threshold}`;
      expectClose(inclusive.map, result.mAP_all_point, `mAP ${at}`);
      expectClose(inclusive.map11Point, result.mAP_11_point, `mAP of 11 points ${at}`);
      if (result.no_plus1_mAP_all_point !== undefined) {
        expectClose(continuous.map, result.no_plus1_mAP_all_point, `continuous mAP ${at}`);
      }
      if (result.no_plus1_mAP_11_point !== undefined) {
        expectClose(continuous.map11Point, result.no_plus1_mAP_11_point, `continuous mAP of 11 points ${at}`);
      }
      for (const [name, figures] of Object.entries(result.classes)) {
        const classId = names.indexOf(name);
        expectClass(inclusive, classId, figures, `${name} ${at}`);
        if (figures.no_plus1 !== undefined)
          expectClass(continuous, classId, figures.no_plus1, `continuous ${name} ${at}`);
        if (figures.no_plus1_AP_all_point !== undefined) {
          expectClose(continuous.perClass[classId]?.ap, figures.no_plus1_AP_all_point, `continuous ${name} ${at}`);
        }
      }
    }
  });

  it('decides each detection of the micro cases as by hand', () => {
    const cases = readFixture<readonly MicroCase[]>('metrics/micro_cases.json');
    expect(cases.length).toBe(12);
    for (const micro of cases) {
      const { names, evaluate } = load(micro);
      for (const [name, figures] of Object.entries(micro.expected_plus1)) {
        const ours = evaluate({ iouThreshold: micro.iou_threshold, plus1: true });
        expectClass(ours, names.indexOf(name), figures, `${micro.name} ${name}`);
      }
      for (const [name, figures] of Object.entries(micro.expected_no_plus1 ?? {})) {
        const ours = evaluate({ iouThreshold: micro.iou_threshold });
        expectClass(ours, names.indexOf(name), figures, `${micro.name} ${name}, continuous`);
      }
    }
  });
});
