import { expect, test } from 'vitest';
import { fuzzReaders } from './fuzz.ts';

const INPUTS = 150;

test('changed archives, annotations and pictures are read or refused in a sentence, and soon', {
  timeout: 60_000,
}, async () => {
  const results = await fuzzReaders(INPUTS, 20_260_101);
  expect(results.map(({ reader }) => reader)).toEqual([
    'tar',
    'zip',
    'VOC XML',
    'COCO',
    'YOLO labels',
    'YOLO config',
    'image headers',
  ]);
  // Some changes leave a file readable: what is only ever refused would be a fault of the test.
  for (const { reader, inputs, read } of results) {
    expect([reader, inputs, read > 0]).toEqual([reader, INPUTS, true]);
  }
});
