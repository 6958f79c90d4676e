import { expect, test } from 'vitest';
import type { Size } from '../base/boxes.ts';
import { applyView, viewTarget } from './apply-view.ts';
import { shapeOf } from './buckets.ts';
import { changeColour } from './change-colour.ts';
import { frozenView } from './frozen-view.ts';
import { insideShares } from './inside-shares.ts';
import { longestEdgeFor, resizedSize } from './resized-size.ts';
import { flipOf } from './sampler.ts';
import { noisePicture, testLabels, whiteBoxes } from './test-pictures.ts';
import { trainingView } from './training-view.ts';
import type { CropWindow, ViewPlan } from './view-plan.ts';

const EDGES = { shortestEdge: 800, longestEdge: 1333 };
const SIZE = { h: 375, w: 500 };
const BOXES = testLabels(SIZE, [
  [30, 40, 130, 160],
  [300, 200, 420, 330],
]);

const drawn = (n: number) => Array.from({ length: n }, (_, i) => i);
const share = (plans: readonly ViewPlan[], is: (plan: ViewPlan) => boolean) => plans.filter(is).length / plans.length;

function expectInside({ top, left, h, w }: CropWindow, size: Size): void {
  expect([top, left, h, w].every(Number.isInteger)).toBe(true);
  expect(top >= 0 && left >= 0 && h >= 1 && w >= 1 && top + h <= size.h && left + w <= size.w).toBe(true);
}

test('without augmentation a picture is resized alone; with flip, by the coin of its number', () => {
  const size = resizedSize(SIZE, EDGES);
  for (const n of drawn(20)) {
    expect(trainingView('none', 7, n, BOXES, EDGES)).toEqual({ crop: null, size, colour: null, flip: false });
    expect(trainingView('flip', 7, n, BOXES, EDGES)).toEqual({ crop: null, size, colour: null, flip: flipOf(7, n) });
  }
});

test("DETR's views take its scales evenly, crop half of the time, mirror half of the time", () => {
  const plans = drawn(2000).map((n) => trainingView('detr', 3, n, BOXES, EDGES));
  expect(plans[5]).toEqual(trainingView('detr', 3, 5, BOXES, EDGES));
  expect(JSON.parse(JSON.stringify(plans[5]))).toEqual(plans[5]);
  expect(plans.slice(0, 50)).not.toEqual(drawn(50).map((n) => trainingView('detr', 4, n, BOXES, EDGES)));
  expect(share(plans, ({ flip }) => flip)).toBeCloseTo(0.5, 1);
  expect(share(plans, ({ crop }) => crop !== null)).toBeCloseTo(0.5, 1);
  const short = plans.map(({ size }) => Math.min(size.h, size.w));
  const scales = [480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800];
  expect([...new Set(short)].sort((a, b) => a - b)).toEqual(scales);
  for (const scale of scales) expect(short.filter((s) => s === scale).length / 2000).toBeCloseTo(1 / 11, 1);
  for (const { size } of plans) expect(Math.max(size.h, size.w)).toBeLessThanOrEqual(1333);
});

test.each([
  { size: { h: 375, w: 500 }, edge: 800 },
  { size: { h: 500, w: 375 }, edge: 160 },
  { size: { h: 100, w: 100 }, edge: 32 },
  { size: { h: 90, w: 1300 }, edge: 800 },
  { size: { h: 3, w: 2 }, edge: 160 },
])("DETR's crops lie in a picture of $size at $edge px, are of its shape and hold half a box", ({ size, edge }) => {
  const { h, w } = size;
  const boxes = testLabels(size, [
    [0, 0, w / 4, h / 4],
    [w / 2, h / 2, w / 2 + w / 8, h],
  ]);
  const edges = { shortestEdge: edge, longestEdge: longestEdgeFor(edge) };
  let crops = 0;
  for (const n of drawn(300)) {
    const { crop } = trainingView('detr', 1, n, boxes, edges);
    if (crop === null) continue;
    crops += 1;
    expectInside(crop, size);
    expect(shapeOf(crop)).toBe(shapeOf(size));
    expect(Math.max(...insideShares(boxes.boxesXyxyPx, crop))).toBeGreaterThanOrEqual(0.5);
  }
  expect(crops).toBeGreaterThan(30);
});

test('the crop is 384 to 600 px of a picture whose short side is 400, 500 or 600', () => {
  const crops = drawn(3000).flatMap((n) => trainingView('detr', 2, n, BOXES, EDGES).crop ?? []);
  for (const side of ['h', 'w'] as const) {
    const sides = crops.map((crop) => crop[side]);
    // 384 px at the largest of the three sizes are 240 of 375; at the smallest, the whole height can be taken.
    expect(Math.min(...sides)).toBeGreaterThanOrEqual(239);
    expect(Math.min(...sides)).toBeLessThan(260);
    expect(Math.max(...sides)).toBe(side === 'h' ? 375 : 500);
  }
});

test('kept views: the picture, its mirror image, then crops that cut no box, all of one size', () => {
  const size = resizedSize(SIZE, EDGES);
  expect(frozenView(1, 'a', 0, BOXES, EDGES)).toEqual({ crop: null, size, colour: null, flip: false });
  expect(frozenView(1, 'a', 1, BOXES, EDGES)).toEqual({ crop: null, size, colour: null, flip: true });
  const plans = drawn(200).map((n) => frozenView(1, `picture ${n}`, 2 + (n % 6), BOXES, EDGES));
  expect(frozenView(1, 'picture 9', 5, BOXES, EDGES)).toEqual(plans[9]);
  expect(frozenView(2, 'picture 9', 5, BOXES, EDGES)).not.toEqual(plans[9]);
  for (const plan of plans) {
    expect(plan.size).toEqual(size);
    expect(Math.abs((plan.colour?.brightness ?? 0) - 1)).toBeLessThanOrEqual(0.2);
    if (plan.crop === null) continue;
    expectInside(plan.crop, SIZE);
    expect(plan.crop.w / plan.crop.h).toBeCloseTo(4 / 3, 1);
    const shares = insideShares(BOXES.boxesXyxyPx, plan.crop);
    expect(shares.every((s) => s === 0 || s === 1) && shares.includes(1)).toBe(true);
  }
  expect(share(plans, ({ crop }) => crop !== null)).toBeGreaterThan(0.9);
  expect(Math.abs(share(plans, ({ flip }) => flip) - 0.5)).toBeLessThan(0.1);
});

test('a picture that cannot be cropped without cutting through a box stays whole; one without boxes is cropped', () => {
  const full = testLabels(SIZE, [[0, 0, 500, 375]]);
  const halves = testLabels(SIZE, [
    [0, 0, 251, 375],
    [249, 0, 500, 375],
  ]);
  for (const view of [2, 3, 4, 5]) {
    for (const boxes of [full, halves]) {
      const { crop } = frozenView(1, 'a', view, boxes, EDGES);
      if (crop !== null) expect(Math.min(...insideShares(boxes.boxesXyxyPx, crop))).toBeGreaterThanOrEqual(0.75);
    }
    expect(frozenView(1, 'a', view, testLabels(SIZE, []), EDGES).crop).not.toBeNull();
  }
  const bricks = testLabels(
    SIZE,
    Array.from({ length: 100 }, (_, i) => [(i % 10) * 50, Math.floor(i / 10) * 37, (i % 10) * 50 + 50, 375]),
  );
  expect(frozenView(1, 'a', 2, bricks, EDGES).crop).toBeNull();
});

test('boxes go where their pixels go', () => {
  const corners = [
    [12, 20, 60, 50],
    [80, 10, 110, 70],
  ] as const;
  const size = { h: 90, w: 120 };
  const labels = testLabels(size, corners);
  for (const flip of [false, true]) {
    for (const crop of [null, { top: 8, left: 10, h: 60, w: 80 }]) {
      corners.forEach((corner, i) => {
        const plan: ViewPlan = { crop, size: { h: 120, w: 160 }, colour: null, flip };
        const { image, target } = applyView(whiteBoxes(size, [corner]), labels, plan);
        expect(target).toEqual(viewTarget(labels, plan));
        const [cx = 0, cy = 0, w = 0, h = 0] = target.boxesCxcywhNorm.subarray(i * 4, i * 4 + 4);
        const light = image.data.filter((level, at) => at % 3 === 0 && level > 127).length;
        expect(light / (w * h * 160 * 120)).toBeCloseTo(1, 1);
        expect(image.data[(Math.floor(cy * 120) * 160 + Math.floor(cx * 160)) * 3]).toBe(255);
      });
    }
  }
});

test('a box outside of the crop is no target', () => {
  const plan: ViewPlan = { crop: { top: 0, left: 0, h: 180, w: 240 }, size: SIZE, colour: null, flip: false };
  const { classIds, boxesCxcywhNorm } = viewTarget(BOXES, plan);
  expect(classIds).toHaveLength(1);
  expect([...boxesCxcywhNorm].map((x) => Number(x.toFixed(4)))).toEqual([0.3333, 0.5556, 0.4167, 0.6667]);
});

test('colours: none changed by factors of 1, grey at saturation 0, middle grey fixed under contrast', () => {
  const picture = noisePicture({ h: 5, w: 7 });
  const same = { brightness: 1, contrast: 1, saturation: 1 };
  expect(changeColour(picture, same)).toEqual(picture);
  const grey = changeColour(picture, { ...same, saturation: 0 }).data;
  for (let i = 0; i < grey.length; i += 3) expect([grey[i + 1], grey[i + 2]]).toEqual([grey[i], grey[i]]);
  const one = (level: number) => ({ size: { h: 1, w: 1 }, data: new Uint8Array([level, level, level]) });
  expect(changeColour(one(100), { ...same, brightness: 1.2 }).data[0]).toBe(120);
  expect(changeColour(one(240), { ...same, brightness: 1.2 }).data[0]).toBe(255);
  expect(changeColour(one(27), { ...same, contrast: 0.8 }).data[0]).toBe(47);
  expect(changeColour(one(228), { ...same, contrast: 0.8 }).data[0]).toBe(208);
});
