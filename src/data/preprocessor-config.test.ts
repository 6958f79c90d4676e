import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePreprocessorConfig, withShortestEdge, writePreprocessorConfig } from './preprocessor-config.ts';
import { resizedSize } from './resized-size.ts';

const bundled = readFileSync(
  new URL('../../public/sample/tiny-detr-emoji/preprocessor_config.json', import.meta.url),
  'utf8',
);

test('the bundled file is read, and written back with another size and all else as it was', () => {
  const file = parsePreprocessorConfig(bundled);
  expect(file.config).toEqual({
    shortestEdge: 160,
    longestEdge: 266,
    imageMean: [0.485, 0.456, 0.406],
    imageStd: [0.229, 0.224, 0.225],
  });
  const fields = { ...file.fields, something_new: [1, { a: null }] };
  const written = writePreprocessorConfig({ fields, config: withShortestEdge(file.config, 480) });
  expect(JSON.parse(written)).toEqual({ ...fields, size: { shortest_edge: 480, longest_edge: 799 } });
});

test('older files, and pictures that are not normalised', () => {
  const old = parsePreprocessorConfig('{"size": 800, "max_size": 1333, "do_normalize": false}');
  expect(old.config).toEqual({ shortestEdge: 800, longestEdge: 1333, imageMean: [0, 0, 0], imageStd: [1, 1, 1] });
  expect(JSON.parse(writePreprocessorConfig(old))).not.toHaveProperty('max_size');
  const twice = parsePreprocessorConfig(`{"rescale_factor": ${2 / 255}, "image_mean": [1,1,1], "image_std": [2,2,2]}`);
  // (2 v - 1) / 2 = (v - 0.5) / 1
  expect(twice.config.imageMean).toEqual([0.5, 0.5, 0.5]);
  expect(twice.config.imageStd).toEqual([1, 1, 1]);
});

test('a file that the Trainer saved: as large as fits into a square, padded to that', () => {
  const saved = parsePreprocessorConfig(
    '{"size": {"max_height": 266, "max_width": 266}, "do_pad": true, "pad_size": {"height": 266, "width": 266}}',
  );
  expect(saved.config).toMatchObject({ shortestEdge: 266, longestEdge: 266 });
  // DETR's own rule gives what fits: the longest edge becomes 266, and is none longer.
  expect(resizedSize({ h: 160, w: 200 }, saved.config)).toEqual({ h: 213, w: 266 });
  expect(resizedSize({ h: 300, w: 200 }, saved.config)).toEqual({ h: 265, w: 177 });
  expect(JSON.parse(writePreprocessorConfig(saved))).toMatchObject({ pad_size: { height: 266 } });
  const larger = writePreprocessorConfig({ ...saved, config: withShortestEdge(saved.config, 480) });
  expect(JSON.parse(larger)).toMatchObject({ pad_size: null, size: { shortest_edge: 480, longest_edge: 799 } });
});

test.each([
  ['{"size": {"max_height": 8, "max_width": 9}}', /size/],
  ['{"resample": 3}', /resample/],
  ['{"do_resize": false}', /do_resize/],
  ['{"do_rescale": false}', /do_rescale/],
  ['{"size": {"height": 8, "width": 8}}', /size/],
  ['{"size": 1e9}', /size/],
  ['{"image_std": [0, 1, 1]}', /image_std/],
  ['[]', /JSON object/],
  ['<html>', /not JSON/],
])('%s is refused', (text, reason) => {
  expect(() => parsePreprocessorConfig(text)).toThrow(reason);
});
