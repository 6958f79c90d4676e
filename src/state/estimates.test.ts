import { expect, test } from 'vitest';
import {
  type EstimateCase,
  evaluationsOf,
  keepSpeeds,
  keptSpeeds,
  type MeasuredSpeeds,
  shownEstimate,
  speedKey,
  speedOfEstimate,
  withSpeed,
} from './estimates.ts';
import { testRun } from './test-runs.ts';

const { settings } = testRun('a');
const CASE: EstimateCase = { adapter: 'card', model: 'bundled', evalPictures: 80, settings };
const changed = (part: Partial<EstimateCase['settings']>): EstimateCase => ({
  ...CASE,
  settings: { ...settings, ...part },
});
const SPEED = speedOfEstimate({ secondsPerStep: 0.5, secondsPerEvaluation: 8, gpuBytes: 4e8, savings: [] }, CASE);
const KEY = speedKey(CASE);
const SPEEDS: MeasuredSpeeds = { [KEY]: SPEED };

test('evaluations are one before the first step, the due ones, and one after the last', () => {
  expect(evaluationsOf(settings)).toBe(9);
  expect(evaluationsOf({ ...settings, steps: 20, evalEvery: 50 })).toBe(2);
  expect(evaluationsOf({ ...settings, evalEvery: 0 })).toBe(0);
});

test('steps, evaluations and their pictures only rescale what was measured', () => {
  expect(shownEstimate(SPEEDS, CASE, null)).toEqual({
    seconds: 400 * 0.5 + 9 * 8,
    gpuBytes: 4e8,
    savings: [],
    stale: false,
  });
  expect(shownEstimate(SPEEDS, changed({ steps: 800 }), null)?.seconds).toBe(800 * 0.5 + 17 * 8);
  expect(shownEstimate(SPEEDS, changed({ evalImages: 8 }), null)?.seconds).toBeCloseTo(200 + 9 * 0.8);
  expect(shownEstimate(SPEEDS, changed({ maxSeconds: 60 }), null)?.seconds).toBe(60);
});

test.each([{ batch: 1 }, { size: 320 }, { freezeBackbone: true }, { freezeEncoder: true }, { accumulate: 2 }])(
  '%j makes it stale',
  (part) => {
    expect(shownEstimate(SPEEDS, changed(part), KEY)).toMatchObject({ stale: true });
    expect(shownEstimate(SPEEDS, changed(part), null)).toBeNull();
  },
);

test('they outlive the page, few, and nonsense in the storage is nothing', () => {
  const kept = new Map<string, string>();
  const memory = { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) };
  let speeds: MeasuredSpeeds = {};
  for (let index = 0; index < 100; index += 1) speeds = withSpeed(speeds, `case ${index}`, SPEED);
  keepSpeeds(memory, speeds);
  expect(Object.keys(keptSpeeds(memory))).toHaveLength(40);
  expect(keptSpeeds(memory)['case 99']).toEqual(SPEED);
  expect(keptSpeeds({ ...memory, getItem: () => '{"a": {"secondsPerStep": "fast"}}' })).toEqual({});
  expect(keptSpeeds({ ...memory, getItem: () => 'nonsense' })).toEqual({});
});
