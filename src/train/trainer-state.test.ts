import { describe, expect, test } from 'vitest';
import { refusalOf } from '../base/test-refusal.ts';
import { createSampler } from '../data/sampler.ts';
import { readSafetensors, writeSafetensors } from '../interop/safetensors.ts';
import { readTrainerState, type TrainerState, writeTrainerState } from './trainer-state.ts';

const shapes = ['landscape', 'portrait', 'landscape', 'landscape', 'portrait'] as const;
const sampler = createSampler(shapes, 2, 9);
for (let i = 0; i < 4; i++) sampler.next();
sampler.exclude(3);

const STATE: TrainerState = {
  step: 6,
  headOnlySteps: 2,
  steps: 12,
  seconds: 3.25,
  lossFirst: 7.5,
  lossLast: 6.1,
  best: { step: 5, map50: 0.25, AP: null },
  evaluatedStep: 40,
  sampler: sampler.state(),
  moments: new Map([
    ['a.weight', { first: Float32Array.of(1e-30, -0, 3.3), second: Float32Array.of(1e-38, 0.5, 2) }],
    ['b.bias', { first: Float32Array.of(-7), second: Float32Array.of(49) }],
  ]),
};
const STATE_FILE = 'trainer_state.json';
const OPTIMIZER_FILE = 'optimizer.safetensors';

/** The files of a state with its JSON changed. */
function edited(changes: Readonly<Record<string, unknown>>): Map<string, Uint8Array> {
  const files = writeTrainerState(STATE);
  const json: unknown = JSON.parse(new TextDecoder().decode(files.get(STATE_FILE)));
  return files.set(STATE_FILE, new TextEncoder().encode(JSON.stringify(Object.assign({}, json, changes))));
}

test('a state is read as it was written, moments to the bit', () => {
  const again = readTrainerState(writeTrainerState(STATE));
  expect(again).toEqual(STATE);
  expect(Object.is(again.moments.get('a.weight')?.first[1], -0)).toBe(true);
});

test('a state of the first version, which knew no class head that begins alone', () => {
  expect(readTrainerState(edited({ headOnlySteps: undefined })).headOnlySteps).toBe(0);
});

test('a state before the first loss and the first evaluation', () => {
  const start: TrainerState = { ...STATE, step: 0, lossFirst: null, lossLast: null, best: null, moments: new Map() };
  expect(readTrainerState(writeTrainerState(start))).toEqual(start);
});

test('a sampler goes on from the state that was read as if it had never stopped', () => {
  const resumed = createSampler(shapes, 2, 9, readTrainerState(writeTrainerState(STATE)).sampler);
  const after = (from: typeof sampler) => Array.from({ length: 8 }, () => from.next());
  expect(after(resumed)).toEqual(after(createSampler(shapes, 2, 9, STATE.sampler)));
});

describe('refused', () => {
  test.each([STATE_FILE, OPTIMIZER_FILE])('a checkpoint without %s, with what to do', (name) => {
    const files = writeTrainerState(STATE);
    files.delete(name);
    const error = refusalOf(() => readTrainerState(files));
    expect(error.code).toBe('not-found');
    expect(error.message).toMatch(new RegExp(`no ${name}.*start a new run`));
  });

  test('JSON that was cut off or is none', () => {
    for (const end of [0, 20, -3]) {
      const files = writeTrainerState(STATE);
      files.set(STATE_FILE, files.get(STATE_FILE)?.slice(0, end) ?? new Uint8Array());
      const error = refusalOf(() => readTrainerState(files));
      expect(error.code).toBe('bad-weights');
      expect(error.message).toMatch(/^trainer_state\.json is not JSON; start a new run/);
    }
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['step', { step: -1 }],
    ['step', { step: 1.5 }],
    ['steps', { steps: 0 }],
    ['seconds', { seconds: 'long' }],
    ['best', { best: undefined }],
    ['best.step', { best: { map50: 1, AP: 1 } }],
  ])('a wrong %s of %j', (field, changes) => {
    const error = refusalOf(() => readTrainerState(edited(changes)));
    expect(error.code).toBe('bad-weights');
    expect(error.message).toContain(`trainer_state.json: "${field}"`);
  });

  test('a damaged place in the data set', () => {
    const error = refusalOf(() => readTrainerState(edited({ sampler: { ...STATE.sampler, epoch: -1 } })));
    expect(error.code).toBe('bad-config');
    expect(error.message).toMatch(/place in the data set is damaged/);
  });

  test('moments that are cut off, or of which one half is missing', () => {
    const files = writeTrainerState(STATE);
    const whole = files.get(OPTIMIZER_FILE) ?? new Uint8Array();
    files.set(OPTIMIZER_FILE, whole.slice(0, -4));
    const cut = refusalOf(() => readTrainerState(files));
    expect(cut.code).toBe('bad-weights');
    expect(cut.message).toContain(OPTIMIZER_FILE);
    const tensors = [...readSafetensors(whole).tensors].filter(([name]) => name !== 'second.b.bias');
    files.set(OPTIMIZER_FILE, writeSafetensors(tensors));
    expect(refusalOf(() => readTrainerState(files)).message).toContain('second.b.bias');
  });
});
