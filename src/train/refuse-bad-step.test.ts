import { expect, test } from 'vitest';
import { refusalOf } from '../base/test-refusal.ts';
import { refuseBadStep } from './refuse-bad-step.ts';

const PARAMETERS = ['conv.weight', 'head.weight', 'head.bias'].map((name) => ({ name }));

test('a step with a frozen part and small gradients passes', () => {
  expect(() => refuseBadStep(8.2, [0, 1e-30, 3], PARAMETERS, 4)).not.toThrow();
});

test.each([
  ['an infinite loss', Number.POSITIVE_INFINITY, [1, 1, 1], null, /step 4: the loss became Infinity/],
  ['a gradient of NaN', 8, [1, Number.NaN, Number.NaN], 'head.weight', /first bad gradient is that of "head\.weight"/],
  ['both', Number.NaN, [Number.NaN, 1, 1], 'conv.weight', /became NaN; the first .*"conv\.weight"/],
])('%s stops the run and says which tensor was first', (_, loss, squares, tensor, says) => {
  const error = refusalOf(() => refuseBadStep(loss, squares, PARAMETERS, 4));
  expect(error).toMatchObject({ code: 'non-finite', details: { step: 4, tensor } });
  expect(error.message).toMatch(says);
});

test('gradients that are all zero stop the run: no picture gives those', () => {
  const error = refusalOf(() => refuseBadStep(8, new Float32Array(3), PARAMETERS, 4));
  expect(error).toMatchObject({ code: 'gpu-error', details: { step: 4 } });
});
