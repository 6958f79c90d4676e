import { expect, test } from 'vitest';
import type { BoxXyxy } from '../base/boxes.ts';
import { type LabelDoubt, labelDoubts } from './label-doubts.ts';
import type { FoundBox, ImageBoxes, TrueBox } from './types.ts';

const found = (classId: number, score: number, boxXyxy: BoxXyxy): FoundBox => ({ classId, score, boxXyxy });
const there = (classId: number, boxXyxy: BoxXyxy, difficult = false): TrueBox => ({ classId, boxXyxy, difficult });
const kinds = (doubts: readonly LabelDoubt[]): string[] => doubts.map(({ kind, truth }) => `${kind} ${truth}`);
const ofOne = (truth: TrueBox[], detections: FoundBox[]): LabelDoubt[] => labelDoubts([[{ truth, detections }]]);

const BOX: BoxXyxy = [10, 10, 50, 50];
const BESIDE: BoxXyxy = [30, 30, 70, 70];
const AWAY: BoxXyxy = [200, 200, 240, 240];

test('a label that is found where it lies is no finding', () => {
  expect(ofOne([there(0, BOX)], [found(0, 0.98, BOX)])).toEqual([]);
});

test('each kind of wrong label is told by what is found there', () => {
  expect(kinds(ofOne([there(0, BOX)], [found(1, 0.9, BOX)]))).toEqual(['class 0']);
  expect(kinds(ofOne([there(0, BOX)], [found(0, 0.9, BESIDE)]))).toEqual(['place 0']);
  expect(kinds(ofOne([], [found(0, 0.9, BOX)]))).toEqual(['unlabelled null']);
  expect(kinds(ofOne([there(0, BOX)], []))).toEqual(['unfound 0']);
  expect(kinds(ofOne([there(0, BOX), there(0, [11, 10, 51, 50])], [found(0, 0.98, BOX)]))).toEqual(['doubled 1']);
});

test('the surer the model is of something else, the sooner a label is listed; what is just not found comes after', () => {
  const images: ImageBoxes[] = [
    { truth: [there(0, BOX)], detections: [] },
    { truth: [there(0, BOX)], detections: [found(1, 0.95, BOX)] },
    { truth: [], detections: [found(0, 0.75, BOX)] },
    { truth: [there(0, BOX)], detections: [found(1, 0.5, BOX), found(0, 0.5, BOX)] },
  ];
  expect(labelDoubts([images]).map(({ image }) => image)).toEqual([1, 2, 0, 3]);
});

test('a thing that has a label is no thing without one, and gives one finding at most', () => {
  const doubts = ofOne([there(0, BOX)], [found(0, 0.9, BESIDE), found(0, 0.8, AWAY)]);
  expect(new Set(kinds(doubts))).toEqual(new Set(['unlabelled null', 'place 0']));
  expect(doubts).toHaveLength(2);
  const beside = doubts.find(({ kind }) => kind === 'place');
  expect(beside?.found?.boxXyxy).toEqual(BESIDE);
});

test('difficult boxes are not doubted, and explain what is found in them', () => {
  expect(ofOne([there(0, BOX, true)], [])).toEqual([]);
  expect(ofOne([there(0, BOX, true)], [found(0, 0.9, BOX)])).toEqual([]);
  expect(ofOne([there(0, BOX, true)], [found(0, 0.9, [12, 12, 20, 20])])).toEqual([]);
});

test('of several runs one that finds a label vouches for it, and the fancy of one weighs less', () => {
  const truth = [there(0, BOX)];
  const blind: ImageBoxes[] = [{ truth, detections: [found(0, 0.9, AWAY)] }];
  const seeing: ImageBoxes[] = [{ truth, detections: [found(0, 0.97, BOX)] }];
  expect(kinds(labelDoubts([blind]))).toEqual(['unlabelled null', 'unfound 0']);
  const [only, ...others] = labelDoubts([blind, seeing]);
  expect(others).toEqual([]);
  expect(only?.kind).toBe('unlabelled');
  expect(only?.doubt).toBeCloseTo(0.45);
});
