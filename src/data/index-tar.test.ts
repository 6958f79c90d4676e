import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_DATA } from '../../scripts/sources/bundled.ts';
import { indexTar } from './index-tar.ts';
import { openIndexedTar, type TarIndex } from './indexed-tar.ts';
import { readTarTree } from './tar-tree.ts';
import type { DataSet } from './types.ts';
import { readVocDataSet } from './voc-data-set.ts';

let bytes: Uint8Array<ArrayBuffer>;
let read: DataSet;
let index: TarIndex;

beforeAll(async () => {
  bytes = new Uint8Array(await readFile(SAMPLE_DATA));
  read = await readVocDataSet(await readTarTree(bytes, 'sample'));
  // As it goes over the line.
  index = JSON.parse(JSON.stringify(await indexTar(bytes, 'sample')));
});

describe('a tar by its index', () => {
  it('is the same data set as the tar read from its beginning to its end', async () => {
    const { imageBytes, ...facts } = openIndexedTar(index, async () => bytes);
    const { imageBytes: readBytes, ...readFacts } = read;
    expect(facts).toEqual(readFacts);
    for (const { id } of facts.samples) {
      expect(Buffer.compare(await imageBytes(id), await readBytes(id))).toBe(0);
    }
  });

  it('asks for the tar at the first picture and not before', async () => {
    let asked = 0;
    const set = openIndexedTar(index, async () => {
      asked += 1;
      return bytes;
    });
    expect(asked).toBe(0);
    await set.imageBytes(set.samples[0]?.id ?? '');
    expect(asked).toBe(1);
  });

  it('knows no picture of another name, nor one beyond the end of a shorter tar', async () => {
    const set = openIndexedTar(index, async () => bytes.subarray(0, 1024));
    await expect(set.imageBytes('toString')).rejects.toMatchObject({ code: 'not-found' });
    await expect(set.imageBytes(read.samples.at(-1)?.id ?? '')).rejects.toMatchObject({ code: 'bad-archive' });
  });
});
