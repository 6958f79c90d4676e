import { downloadZip } from 'client-zip';
import { expect, test } from 'vitest';
import type { GivenFile } from '../data/types.ts';
import { readDroppedOnnx } from './dropped-onnx.ts';
import { bundledText } from './test-bundled.ts';

const CONFIG = bundledText('config.json');
const PREPROCESSOR = bundledText('preprocessor_config.json');
const WHOLE = { 'm/onnx/model.onnx': 'model', 'm/config.json': CONFIG, 'm/preprocessor_config.json': PREPROCESSOR };

const given = (files: Readonly<Record<string, string>>): GivenFile[] =>
  Object.entries(files).map(([path, content]) => ({ path, file: new Blob([content]) }));
const zipped = async (files: Readonly<Record<string, string>>): Promise<GivenFile[]> => {
  const entries = Object.entries(files).map(([name, input]) => ({ name, input }));
  return [{ path: 'm.zip', file: await downloadZip(entries).blob() }];
};
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

test.each([
  ['a folder', async () => given(WHOLE)],
  ['a zip', () => zipped(WHOLE)],
  [
    'files',
    async () => given({ 'model.onnx': 'model', 'config.json': CONFIG, 'preprocessor_config.json': PREPROCESSOR }),
  ],
  ['a folder with smaller ones', async () => given({ 'm/onnx/model_quantized.onnx': 'other', ...WHOLE })],
])('the model is found in %s, with its configs', async (_, files) => {
  const found = await readDroppedOnnx('m', await files());
  expect(text(found?.onnx)).toBe('model');
  expect(found?.config.labels).toHaveLength(36);
  expect(found?.preprocessor.config.shortestEdge).toBe(160);
  expect(found?.texts.config).toBe(CONFIG);
});

test.each([
  ['weights', async () => given({ 'm/model.safetensors': 'x', ...WHOLE })],
  ['a zip with weights', () => zipped({ 'm/model.safetensors': 'x', ...WHOLE })],
  ['something else', async () => given({ 'm/config.json': CONFIG })],
])('%s are not taken for an ONNX model', async (_, files) => {
  expect(await readDroppedOnnx('m', await files())).toBeNull();
});

test.each([
  [{ 'model.onnx': 'x' }, 'bad-config', /no config\.json beside its ONNX model/],
  [{ 'model.onnx': 'x', 'config.json': CONFIG }, 'bad-config', /no preprocessor_config\.json/],
  [{ ...WHOLE, 'm/config.json': '{"model_type":"yolos"}' }, 'bad-config', /model_type/],
  [{ 'm/a.onnx': 'x', 'm/b.onnx': 'y' }, 'bad-weights', /2 ONNX models/],
])('%o is refused with %s', async (files, code, message) => {
  await expect(readDroppedOnnx('m', given(files))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});
