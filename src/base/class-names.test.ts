import { expect, test } from 'vitest';
import { canonicalClassName, matchClassNames } from './class-names.ts';

const VOC =
  'aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor'.split(
    ' ',
  );

const COCO =
  'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush'.split(
    ',',
  );

test("all of VOC's 20 classes are found among COCO's 80, six under another spelling", () => {
  expect([VOC.length, COCO.length]).toEqual([20, 80]);
  const found = matchClassNames(VOC, COCO).map((index) => (index === null ? null : COCO[index]));
  const renamed = VOC.flatMap((name, i) => (found[i] === name ? [] : [`${name}: ${found[i]}`]));
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
  const found = matchClassNames(COCO, VOC);
  expect(found.filter((index) => index !== null).toSorted((a, b) => a - b)).toEqual(VOC.map((_, i) => i));
});

test('an equal spelling goes before an alias, in whatever order they stand', () => {
  expect(matchClassNames(['sofa', 'couch'], ['couch', 'sofa'])).toEqual([1, 0]);
  expect(matchClassNames(['sofa', 'couch'], ['sofa', 'couch'])).toEqual([0, 1]);
  expect(matchClassNames(['sofa', 'couch'], ['couch'])).toEqual([0, 0]);
});

test('other names are compared to the letter', () => {
  expect(matchClassNames(['Cat', 'cat ', '', 'toString', '__proto__'], ['cat', 'dog'])).toEqual(Array(5).fill(null));
  expect(matchClassNames(['__proto__'], ['dog', '__proto__'])).toEqual([1]);
  expect(canonicalClassName('__proto__')).toBe('__proto__');
});
