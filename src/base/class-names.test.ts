import { expect, test } from 'vitest';
import { canonicalClassName, slotsOfClass, unusedSlots } from './class-names.ts';

const VOC =
  'aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor'.split(
    ' ',
  );

const COCO =
  'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush'.split(
    ',',
  );

/** As a checkpoint of COCO has them: the ids that were never given stand between the classes. */
const COCO_SLOTS = ['N/A', ...COCO.slice(0, 11), 'N/A', ...COCO.slice(11), ...Array(9).fill('N/A')];

test("all of VOC's 20 classes are found among COCO's slots, six under another spelling", () => {
  expect([VOC.length, COCO.length, COCO_SLOTS.length]).toEqual([20, 80, 91]);
  const found = VOC.map((name) => slotsOfClass(name, COCO_SLOTS).map((slot) => COCO_SLOTS[slot]));
  const renamed = VOC.flatMap((name, i) => (found[i]?.[0] === name ? [] : [`${name}: ${found[i]}`]));
  expect(renamed).toEqual([
    'aeroplane: airplane',
    'diningtable: dining table',
    'motorbike: motorcycle',
    'pottedplant: potted plant',
    'sofa: couch',
    'tvmonitor: tv',
  ]);
});

test("and COCO's are found among VOC's, the other 60 are not", () => {
  const found = COCO.flatMap((name) => slotsOfClass(name, VOC));
  expect(found.toSorted((a, b) => a - b)).toEqual(VOC.map((_, i) => i));
});

test('an equal spelling goes before one that means the same, in whatever order they stand', () => {
  expect(['sofa', 'couch'].map((name) => slotsOfClass(name, ['couch', 'sofa']))).toEqual([[1], [0]]);
  expect(['sofa', 'couch'].map((name) => slotsOfClass(name, ['sofa', 'couch']))).toEqual([[0], [1]]);
  expect(['sofa', 'couch'].map((name) => slotsOfClass(name, ['couch']))).toEqual([[0], [0]]);
});

test('case and spaces do not count, letters do', () => {
  expect(slotsOfClass(' TV Monitor', ['cat', 'tv'])).toEqual([1]);
  expect(slotsOfClass('POTTEDPLANT', ['potted plant'])).toEqual([0]);
  expect(slotsOfClass('Cat', ['CAT', 'cat'])).toEqual([0, 1]);
  expect(['cats', '', 'toString', '__proto__'].flatMap((name) => slotsOfClass(name, ['cat', 'dog']))).toEqual([]);
  expect(slotsOfClass('__proto__', ['dog', '__proto__'])).toEqual([1]);
  expect(canonicalClassName('__proto__')).toBe('__proto__');
});

test('slots that stand for no class are nothing to start from; a single one is a class of that name', () => {
  expect(slotsOfClass('N/A', COCO_SLOTS)).toEqual([]);
  expect(unusedSlots(COCO_SLOTS).size).toBe(11);
  expect(slotsOfClass('N/A', ['cat', 'N/A'])).toEqual([1]);
});
