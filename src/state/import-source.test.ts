import { expect, test } from 'vitest';
import { addressFault, nameOfAddress, nameOfGiven } from './import-source.ts';

const name = (...paths: string[]) => nameOfGiven(paths.map((path) => ({ path, file: new Blob() })));

test.each([
  [['bccd.tar'], 'bccd'],
  [['VOCtrainval_11-May-2012.tar.gz'], 'VOCtrainval_11-May-2012'],
  [['set.2.tgz'], 'set.2'],
  [['.tar'], 'data set'],
  [['cells-00000.tar', 'cells-00001.tar'], 'cells'],
  [['shard-00000.tar', 'shard-00001.tar'], 'shard-00000'],
  [['VOC2012/Annotations/1.xml', 'VOC2012/JPEGImages/1.jpg'], 'VOC2012'],
])('%j goes by %s', (paths, expected) => {
  expect(name(...paths)).toBe(expected);
});

test('an address is one that can be fetched', () => {
  expect(addressFault(' https://example.org/a.tar ')).toBeNull();
  expect(addressFault('example')).toContain('https://');
  expect(addressFault('file:///etc/passwd')).toContain('file:');
});

test.each([
  ['https://example.org/sets/cells.tar?x=1', 'cells.tar'],
  ['https://example.org/sets/voc2012/index.json', 'voc2012'],
  ['https://example.org/sets/voc2012/', 'voc2012'],
  ['https://example.org/index.json', 'index.json'],
])('what %s has goes by %s', (url, expected) => {
  expect(nameOfAddress(url)).toBe(expected);
});
