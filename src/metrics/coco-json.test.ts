import { describe, expect, it } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { readCocoJson } from './coco-json.ts';
import { evaluateDetections } from './report.ts';

const truth = {
  images: [{ id: 7 }, { id: 3 }],
  categories: [
    { id: 9, name: 'cat' },
    { id: 2, name: 'dog' },
  ],
  annotations: [
    { id: 1, image_id: 3, category_id: 9, bbox: [0.3, 0.3, 32, 32], area: 1024, iscrowd: 0, ignore: 1 },
    { id: 2, image_id: 7, category_id: 2, bbox: [0, 0, 10, 20], iscrowd: 1, difficult: 1 },
  ],
};
const found = [{ image_id: 3, category_id: 9, bbox: [0.3, 0.3, 32, 32], score: 0.5 }];

const read = (truthJson: unknown, foundJson: unknown) =>
  readCocoJson(
    { name: 'truth.json', text: JSON.stringify(truthJson) },
    { name: 'found.json', text: JSON.stringify(foundJson) },
  );

function refusalOf(act: () => unknown): StudioError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof StudioError) return thrown;
    throw thrown;
  }
  throw new Error('It was read, but should have been refused.');
}

describe('readCocoJson', () => {
  it('orders classes by category id and keeps the stated widths', () => {
    const { classes, groundTruth, detections, warnings } = read(truth, found);
    expect(classes).toEqual(['dog', 'cat']);
    expect(groundTruth).toEqual([
      {
        imageId: 3,
        classId: 1,
        boxXyxy: [0.3, 0.3, 0.3 + 32, 0.3 + 32],
        size: { h: 32, w: 32 },
        area: 1024,
        crowd: false,
        difficult: false,
      },
      { imageId: 7, classId: 0, boxXyxy: [0, 0, 10, 20], size: { h: 20, w: 10 }, crowd: true, difficult: true },
    ]);
    expect(detections.map(({ classId, score }) => [classId, score])).toEqual([[1, 0.5]]);
    expect(warnings).toEqual([]);
  });

  it('scores `difficult` in VOC only, and takes no `ignore` of its own, as pycocotools', () => {
    const hard = { ...truth, annotations: truth.annotations.map((each) => ({ ...each, iscrowd: 0, difficult: 1 })) };
    const report = evaluateDetections(read(hard, found));
    expect(report.voc.per_class.cat).toEqual({ ap50: null, ap50_11_point: null, npos: 0 });
    expect(report.coco.per_class).toEqual({ cat: expect.closeTo(1, 12), dog: 0 });
  });

  it('counts a box of exactly 32 x 32 as small and as medium, whatever its corners round to', () => {
    const { coco } = evaluateDetections(read(truth, found));
    expect(coco.APs).toBeCloseTo(1, 12);
    expect(coco.APm).toBeCloseTo(1, 12);
    const near = [{ image_id: 3, category_id: 9, bbox: [0.3, 200.3, 32, 32], score: 0.9 }, ...found];
    // A false positive of area 1024 counts in both ranges too.
    expect(evaluateDetections(read(truth, near)).coco.APs).toBeCloseTo(0.5, 12);
    expect(evaluateDetections(read(truth, near)).coco.APm).toBeCloseTo(0.5, 12);
  });

  it('leaves out what belongs to nothing listed, and says so', () => {
    const { groundTruth, detections, warnings } = read(
      { ...truth, annotations: [...truth.annotations, { id: 5, image_id: 99, category_id: 2, bbox: [0, 0, 1, 1] }] },
      [...found, { image_id: 3, category_id: 1, bbox: [0, 0, 1, 1], score: 1 }],
    );
    expect([groundTruth.length, detections.length]).toEqual([2, 1]);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/truth.json: 1 annotations/);
    expect(warnings[1]).toMatch(/found.json: 1 detections/);
  });

  const change = (list: 'images' | 'categories' | 'annotations', index: number, fields: object) => ({
    ...truth,
    [list]: truth[list].map((item, i) => (i === index ? { ...item, ...fields } : item)),
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ['a list as truth', [], found, /^truth\.json as a whole/],
    ['an object as detections', truth, { annotations: [] }, /^found\.json as a whole/],
    ['no categories', { ...truth, categories: undefined }, found, /^truth\.json: categories/],
    [
      'a box of three numbers',
      change('annotations', 1, { bbox: [1, 2, 3] }),
      found,
      /truth\.json: annotations\[1\]\.bbox/,
    ],
    ['a negative width', change('annotations', 1, { bbox: [1, 2, -3, 4] }), found, /annotations\[1\]\.bbox.*negative/],
    ['a crowd flag of 2', change('annotations', 0, { iscrowd: 2 }), found, /annotations\[0\]\.iscrowd/],
    ['a fractional id', change('images', 1, { id: 1.5 }), found, /truth\.json: images\[1\]\.id/],
    ['an image twice', change('images', 1, { id: 7 }), found, /images\[1\]\.id is 7, an id that comes twice/],
    ['an annotation twice', change('annotations', 1, { id: 1 }), found, /annotations\[1\]\.id is 1/],
    ['a class name twice', change('categories', 1, { name: 'cat' }), found, /categories\[1\]\.name is "cat"/],
    ['a score in quotes', truth, [...found, { ...found[0], score: '0.5' }], /found\.json: \[1\]\.score/],
    ['no score', truth, [{ ...found[0], score: undefined }], /found\.json: \[0\]\.score/],
    ['an image that is not listed', truth, [{ ...found[0], image_id: 4 }], /found\.json: \[0\]\.image_id is 4/],
  ])('refuses %s', (_, truthJson, foundJson, message) => {
    const refusal = refusalOf(() => read(truthJson, foundJson));
    expect(refusal.code).toBe('bad-annotation');
    expect(refusal.message).toMatch(message);
  });

  it('refuses what is not JSON, by the file’s name', () => {
    const refusal = refusalOf(() => readCocoJson({ name: 'a.json', text: '<html>' }, { name: 'b.json', text: '[]' }));
    expect(refusal.message).toMatch(/^a\.json is not JSON/);
  });
});
