import { expect, test } from 'vitest';
import { bundledText } from '../interop/test-bundled.ts';
import { parseDetrConfig } from './config.ts';
import { randomParameters, xavierUniform } from './init.ts';
import { parameterSpecs } from './parameter-specs.ts';

// A million numbers: enough to tell one distribution from another in every tensor.
const config = parseDetrConfig(bundledText('config.json'));
const values = randomParameters(config, 5);
const specs = parameterSpecs(config).map((spec) => ({ ...spec, data: values.get(spec.name) ?? new Float32Array() }));

function moments(data: Float32Array): { mean: number; deviation: number; largest: number } {
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length);
  return { mean, deviation, largest: data.reduce((most, x) => Math.max(most, Math.abs(x)), 0) };
}

/** Mean and deviation within five standard errors of a symmetric distribution's; `spread` is sqrt(kurtosis - 1) / 2. */
function expectMoments(name: string, data: Float32Array, deviation: number, spread: number): void {
  const found = moments(data);
  const root = Math.sqrt(data.length);
  expect(Math.abs(found.mean), `mean of ${name}`).toBeLessThan((5 * deviation) / root);
  expect(Math.abs(found.deviation / deviation - 1), `deviation of ${name}`).toBeLessThan((5 * spread) / root);
}
const UNIFORM = Math.sqrt(1.8 - 1) / 2;
const NORMAL = Math.sqrt(3 - 1) / 2;

test('there is a value for every tensor, each of its size', () => {
  expect([...values.keys()]).toEqual(specs.map(({ name }) => name));
  for (const { name, shape, data } of specs) expect(data.length, name).toBe(shape.reduce((a, b) => a * b, 1));
});

test("the transformer's matrices are uniform within Xavier's bound", () => {
  const matrices = specs.filter(
    ({ name, role, shape }) => role === 'transformer' && shape.length > 1 && !name.includes('query_position'),
  );
  expect(matrices.length).toBeGreaterThan(40);
  for (const { name, shape, data } of matrices) {
    const bound = Math.sqrt(6 / ((shape[0] ?? 0) + (shape[1] ?? 0)));
    expect(moments(data).largest, name).toBeLessThanOrEqual(Math.fround(bound));
    expect(moments(data).largest, name).toBeGreaterThan(0.97 * bound);
    expectMoments(name, data, bound / Math.sqrt(3), UNIFORM);
  }
});

test("the backbone's convolutions are He-normal by what goes out of them", () => {
  const convolutions = specs.filter(
    ({ role, shape }) => (role === 'frozen' || role === 'backbone') && shape.length === 4,
  );
  expect(convolutions.length).toBeGreaterThan(15);
  for (const { name, shape, data } of convolutions) {
    const [out = 0, , kh = 0, kw = 0] = shape;
    expectMoments(name, data, Math.sqrt(2 / (out * kh * kw)), NORMAL);
  }
});

test('the queries are unit normal', () => {
  expectMoments('queries', values.get('model.query_position_embeddings.weight') ?? new Float32Array(), 1, NORMAL);
});

test('norms do nothing at first, and biases are zero', () => {
  for (const { name, shape, data } of specs.filter(({ shape: { length } }) => length === 1)) {
    const one = name.endsWith('.weight') || name.endsWith('running_var');
    expect([name, ...new Set(data)]).toEqual([name, one ? 1 : 0]);
    expect(data).toHaveLength(shape[0] ?? 0);
  }
});

test('each tensor has a stream of its own, so that one more layer leaves the others as they were', () => {
  const deeper = randomParameters({ ...config, encoderLayers: config.encoderLayers + 1 }, 5);
  expect(deeper.size).toBeGreaterThan(values.size);
  const start = (data: Float32Array | undefined) => data?.slice(0, 8).join();
  for (const name of values.keys()) expect(start(deeper.get(name)), name).toBe(start(values.get(name)));
  const drawn = specs.filter(({ shape }) => shape.length > 1).map(({ data }) => start(data));
  expect(new Set(drawn).size).toBe(drawn.length);
});

test('the same seed gives the same weights, another one others', () => {
  const head = (seed: number) => randomParameters(config, seed).get('class_labels_classifier.weight')?.slice(0, 50);
  expect(head(5)).toEqual(values.get('class_labels_classifier.weight')?.slice(0, 50));
  expect(head(6)).not.toEqual(head(5));
  expect(xavierUniform(4, 5, 1)).toEqual(xavierUniform(4, 5, 1));
});
