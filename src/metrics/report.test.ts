import { describe, expect, it } from 'vitest';
import type { BoxXyxy } from '../base/boxes.ts';
import { seededRandom } from '../base/random.ts';
import { evaluateDetections } from './report.ts';
import type { Detection, GroundTruth } from './types.ts';

const classes = ['cat', 'dog', '__proto__'];
const box = (x: number, y: number, size = 20): BoxXyxy => [x, y, x + size, y + size];

/** Eight images of one to four boxes each, two of the classes, no two boxes of an image overlapping. */
function scene(seed: number): GroundTruth[] {
  const random = seededRandom(seed);
  return Array.from({ length: 8 }, (_, imageId) =>
    Array.from({ length: 1 + random.below(4) }, (_, place) => ({
      imageId,
      classId: random.below(2),
      boxXyxy: box(place * 200, 10, 10 + 90 * random.uniform()),
    })),
  ).flat();
}

/** Every box found, moved by up to `shift` pixels, with a random score. */
function find(truth: readonly GroundTruth[], seed: number, shift = 0): Detection[] {
  const random = seededRandom(seed);
  return truth.map(({ imageId, classId, boxXyxy: [x0, y0, x1, y1] }) => {
    const [dx, dy] = [shift * random.uniform(), shift * random.uniform()];
    return { imageId, classId, score: random.uniform(), boxXyxy: [x0 + dx, y0 + dy, x1 + dx, y1 + dy] };
  });
}

const evaluate = (groundTruth: readonly GroundTruth[], detections: readonly Detection[]) =>
  evaluateDetections({ detections, groundTruth, classes });

const seeds = [1, 2, 3, 4, 5];

describe('evaluateDetections', () => {
  it('gives 1 to perfect detections, null to a class without truth, and has all the names', () => {
    const truth = scene(1);
    const { voc, coco } = evaluate(truth, find(truth, 2));
    expect(voc.map50).toBeCloseTo(1, 12);
    expect(voc.map50_11_point).toBeCloseTo(1, 12);
    for (const key of ['AP', 'AP50', 'AP75', 'APs', 'APm', 'AR10', 'AR100'] as const)
      expect(coco[key]).toBeCloseTo(1, 12);
    expect(Object.keys(coco.per_class)).toEqual(classes);
    expect(Object.entries(coco.per_class)[2]).toEqual(['__proto__', null]);
    expect(Object.entries(voc.per_class)[2]?.[1]).toEqual({ ap50: null, ap50_11_point: null, npos: 0 });
    expect(JSON.parse(JSON.stringify(coco)).APl).toBe(coco.APl);
  });

  it('gives 0 where nothing was found, and null where there is nothing to find', () => {
    const truth = scene(1);
    expect(evaluate(truth, []).voc.map50).toBe(0);
    expect(evaluate(truth, []).coco.AP).toBe(0);
    expect(evaluate([], find(truth, 1)).voc.map50).toBeNull();
    expect(Object.values(evaluate([], find(truth, 1)).coco).filter((value) => typeof value === 'number')).toEqual([]);
    expect(evaluate([], []).coco.AR100).toBeNull();
  });

  it.each(seeds)('does not depend on the order or the numbering of images (seed %d)', (seed) => {
    const truth = scene(seed);
    const found = [...find(truth, seed, 30), ...find(truth, seed + 1, 30)]; // no equal scores
    const expected = evaluate(truth, found);
    const random = seededRandom(seed);
    const ids = random.shuffle([10, 21, 32, 43, 54, 65, 76, 87]);
    const renumber = <T extends { imageId: number }>(items: readonly T[]): T[] =>
      random.shuffle(items).map((item) => ({ ...item, imageId: ids[item.imageId] ?? -1 }));
    expect(evaluate(renumber(truth), renumber(found))).toEqual(expected);
    expect(expected.coco.AP).toBeGreaterThan(0);
    expect(expected.coco.AP).toBeLessThan(1);
  });

  it.each(seeds)('lowers precision, never recall, where each box is found twice (seed %d)', (seed) => {
    const truth = scene(seed);
    const found = find(truth, seed, 4);
    const once = evaluate(truth, found);
    // Each double comes just before its like: it takes the box, and the other is wrong.
    const twice = evaluate(truth, [...found.map((each) => ({ ...each, score: each.score + 1e-6 })), ...found]);
    expect(twice.voc.map50).toBeLessThan(once.voc.map50 ?? Number.NaN);
    expect(twice.coco.AP50).toBeLessThan(once.coco.AP50 ?? Number.NaN);
    expect(twice.coco.AR100).toBe(once.coco.AR100);
  });

  it.each(seeds)('is never lowered by a box found with the least score of all (seed %d)', (seed) => {
    const truth = scene(seed);
    const found = find(truth, seed, 30);
    const before = evaluate(truth, found.slice(1));
    const after = evaluate(truth, [
      ...found.slice(1),
      { ...find(truth, seed)[0], ...found[0], score: -1 } as Detection,
    ]);
    expect(after.voc.map50).toBeGreaterThanOrEqual(before.voc.map50 ?? 0);
    expect(after.coco.AP).toBeGreaterThanOrEqual(before.coco.AP ?? 0);
  });

  it.each(seeds)('does not depend on the scale of the scores (seed %d)', (seed) => {
    const truth = scene(seed);
    const found = find(truth, seed, 30);
    const scaled = found.map((each) => ({ ...each, score: Math.exp(3 * each.score) }));
    expect(evaluate(truth, scaled)).toEqual(evaluate(truth, found));
  });

  it('lets `ignore` and `crowd` count neither for nor against, `ignore` for one detection and `crowd` for any number', () => {
    const truth: GroundTruth[] = [
      { imageId: 0, classId: 0, boxXyxy: box(0, 0) },
      { imageId: 0, classId: 0, boxXyxy: box(100, 0), ignore: true },
    ];
    const first: Detection = { imageId: 0, classId: 0, score: 0.9, boxXyxy: box(100, 0) };
    const second = { ...first, score: 0.8 };
    const right: Detection = { imageId: 0, classId: 0, score: 0.7, boxXyxy: box(0, 0) };
    expect(evaluate(truth, [first, right]).coco.AP50).toBeCloseTo(1, 12);
    expect(evaluate(truth, [first, second, right]).coco.AP50).toBeCloseTo(0.5, 12);
    const crowd = truth.map((each) =>
      each.ignore ? { ...each, boxXyxy: box(50, 0, 200), ignore: false, crowd: true } : each,
    );
    expect(evaluate(crowd, [first, second, right]).coco.AP50).toBeCloseTo(1, 12);
    // At normal overlap a small box in a large ignored one is simply wrong.
    const region = crowd.map((each) => (each.crowd ? { ...each, crowd: false, ignore: true } : each));
    expect(evaluate(region, [first, right]).coco.AP50).toBeCloseTo(0.5, 12);
  });

  it('gives a VOC detection no second choice', () => {
    const truth: GroundTruth[] = [
      { imageId: 0, classId: 0, boxXyxy: [0, 0, 100, 100] },
      { imageId: 0, classId: 0, boxXyxy: [0, 0, 100, 80] },
    ];
    const found: Detection[] = [
      { imageId: 0, classId: 0, score: 0.9, boxXyxy: [0, 0, 100, 100] },
      { imageId: 0, classId: 0, score: 0.8, boxXyxy: [0, 0, 100, 95] },
    ];
    const { voc, coco } = evaluate(truth, found);
    expect(voc.map50).toBeCloseTo(0.5, 12);
    expect(coco.AP50).toBeCloseTo(1, 12); // COCO does
  });

  it('looks at 100 detections of an image and class in COCO, at all of them in VOC', () => {
    const truth: GroundTruth[] = [{ imageId: 0, classId: 0, boxXyxy: box(0, 0) }];
    const wrong = Array.from(
      { length: 100 },
      (_, i): Detection => ({ imageId: 0, classId: 0, score: 1 - i / 1000, boxXyxy: box(500, 500) }),
    );
    const { voc, coco } = evaluate(truth, [...wrong, { imageId: 0, classId: 0, score: 0.1, boxXyxy: box(0, 0) }]);
    expect(voc.map50).toBeCloseTo(1 / 101, 12);
    expect(coco.AP50).toBe(0);
  });

  it.each<[string, Partial<Detection>, string]>([
    ['a score that is no number', { score: Number.NaN }, 'non-finite'],
    ['an infinite corner', { boxXyxy: [0, 0, Number.POSITIVE_INFINITY, 1] }, 'non-finite'],
    ['a class without a name', { classId: 3 }, 'internal'],
    ['a negative class', { classId: -1 }, 'internal'],
  ])('refuses %s', (_, change, code) => {
    const found: Detection = { imageId: 0, classId: 0, score: 0.5, boxXyxy: box(0, 0), ...change };
    expect(() => evaluate([], [found])).toThrow(expect.objectContaining({ name: 'StudioError', code }));
  });
});
