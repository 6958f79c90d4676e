import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWithFixture, readJson } from '../base/test-fixtures.ts';
import { architectureConfig } from '../detr/architectures.ts';
import { type ParameterSpec, parameterSpecs } from '../detr/parameter-specs.ts';
import { formOf, nameInForm, toCheckpointLayout, toGpuLayout } from './key-map.ts';

interface GoldenName {
  readonly hf: string;
  readonly hf_no_timm: string;
}

describeWithFixture('golden/tiny', 'names of the tiny golden model', (folder) => {
  test('have the golden spelling in both forms, and tell the form', () => {
    const golden = readJson<readonly GoldenName[]>(join(folder, 'names.json'));
    expect(golden.map(({ hf }) => nameInForm(hf, 'native'))).toEqual(golden.map(({ hf_no_timm }) => hf_no_timm));
    expect(golden.map(({ hf }) => nameInForm(hf, 'timm'))).toEqual(golden.map(({ hf }) => hf));
    expect(formOf(new Map(golden.map(({ hf }) => [hf, 0])))).toBe('timm');
    expect(formOf(new Map(golden.map(({ hf_no_timm }) => [hf_no_timm, 0])))).toBe('native');
  });
  test('have the spelling of transformers 5 where a checkpoint was saved by it', () => {
    const spelled = (name: string) => nameInForm(`model.${name}`, 'native-v5');
    expect(spelled('encoder.layers.0.self_attn.out_proj.weight')).toBe(
      'model.encoder.layers.0.self_attn.o_proj.weight',
    );
    expect(spelled('decoder.layers.11.fc2.bias')).toBe('model.decoder.layers.11.mlp.fc2.bias');
    expect(spelled('backbone.conv_encoder.model.conv1.weight')).toBe(
      'model.backbone.model.embedder.embedder.convolution.weight',
    );
    expect(nameInForm('model.backbone.conv_encoder.model.conv1.weight', 'timm-v5')).toBe(
      'model.backbone.model.conv1.weight',
    );
  });
});

test("every one of DETR-R50's names has a native spelling of its own, and only the backbone's differ", () => {
  const names = parameterSpecs(architectureConfig('resnet-50', ['a'])).map(({ name }) => name);
  const native = names.map((name) => nameInForm(name, 'native'));
  expect(new Set(native).size).toBe(names.length);
  for (const [i, name] of names.entries()) {
    expect(native[i] !== name, name).toBe(name.startsWith('model.backbone.'));
  }
});

const conv: ParameterSpec = { name: 'conv.weight', shape: [5, 4, 2, 3], role: 'backbone' };
const linear: ParameterSpec = { name: 'linear.weight', shape: [3, 2], role: 'transformer' };

test('a convolution is turned from [out, in, kh, kw] to [kh, kw, in, out], and back to the bit', () => {
  // Each value says where it stands: 1000 out + 100 in + 10 y + x.
  const data = new Float32Array(5 * 4 * 2 * 3);
  let at = 0;
  for (let o = 0; o < 5; o++)
    for (let i = 0; i < 4; i++)
      for (let y = 0; y < 2; y++) for (let x = 0; x < 3; x++) data[at++] = 1000 * o + 100 * i + 10 * y + x;
  const before = data.slice();
  const gpu = toGpuLayout(conv, data);
  at = 0;
  for (let y = 0; y < 2; y++)
    for (let x = 0; x < 3; x++)
      for (let i = 0; i < 4; i++) for (let o = 0; o < 5; o++) expect(gpu[at++]).toBe(1000 * o + 100 * i + 10 * y + x);
  expect(toCheckpointLayout(conv, gpu)).toEqual(before);
  expect(data).toEqual(before);
});

test('a matrix stays as it is both ways', () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect(toGpuLayout(linear, data)).toEqual(data);
  expect(toCheckpointLayout(linear, data)).toEqual(data);
});
