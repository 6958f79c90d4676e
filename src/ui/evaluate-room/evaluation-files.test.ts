import { expect, test } from 'vitest';
import type { EvaluationReport } from '../../rpc/protocol.ts';
import { type EvaluationOf, evaluationCsv, evaluationJson } from './evaluation-files.ts';

const report: EvaluationReport = {
  voc: {
    map50: 0.75,
    map50_11_point: 0.7,
    per_class: {
      cat: { ap50: 0.75, ap50_11_point: 0.7, npos: 4 },
      'dog, "brown"': { ap50: null, ap50_11_point: null, npos: 0 },
      '=SUM(A1)': { ap50: 0, ap50_11_point: 0, npos: 1 },
    },
  },
  coco: {
    ...{ AP: 0.5, AP50: 0.75, AP75: 0.4, APs: null, APm: 0.5, APl: null },
    ...{ AR1: 0.3, AR10: 0.6, AR100: 0.6, ARs: null, ARm: 0.6, ARl: null },
    per_class: { cat: 0.5, 'dog, "brown"': null, '=SUM(A1)': 0 },
  },
};
const of: EvaluationOf = {
  result: { report, classes: ['cat', 'dog, "brown"', '=SUM(A1)'], pictures: [] },
  resultOf: { name: 'emoji-scenes 2, best', split: 'val' },
  setName: 'emoji-scenes',
  best: { confidence: 0.6, precision: 0.9, recall: 0.8, f1: 0.85 },
};

test('the JSON holds what the shell prints, and what it is of', () => {
  expect(JSON.parse(evaluationJson(of))).toEqual({
    weights: 'emoji-scenes 2, best',
    data_set: 'emoji-scenes',
    split: 'val',
    images: 0,
    best_f1: of.best,
    ...report,
  });
});

test('the CSV has a row a class, nothing where there is no figure, and no name that breaks it or is a formula', () => {
  const [head, all, cat, dog, formula, end] = evaluationCsv(of).split('\r\n');
  expect(head?.split(',').slice(0, 6)).toEqual([
    'class',
    'objects',
    'voc_ap50',
    'voc_ap50_11_point',
    'coco_AP',
    'coco_AP50',
  ]);
  expect(all).toBe('all classes,5,0.75,0.7,0.5,0.75,0.4,,0.5,,0.3,0.6,0.6,,0.6,');
  expect(cat).toBe('cat,4,0.75,0.7,0.5,,,,,,,,,,,');
  expect(dog).toBe('"dog, ""brown""",0,,,,,,,,,,,,,,');
  expect(formula).toBe("'=SUM(A1),1,0,0,0,,,,,,,,,,,");
  expect(end).toBe('');
});
