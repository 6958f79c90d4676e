import { expect } from 'vitest';
import type { ShardIndex } from './shard-index.ts';
import type { TestStore } from './test-data-set-store.ts';
import { bitmap, testService, vocPictures } from './test-import.ts';
import { type MadeShards, shardsOf } from './test-shard-host.ts';
import type { DataSet, GivenFile, ImportSource } from './types.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The edge of a picture: four are a shard, eight a batch of `testService`. */
export const LARGE = 400;
export const LARGE_BYTES = bitmap(LARGE, LARGE).byteLength;
export const PICTURES = 18;

/** For tests: a set of 18 pictures, 12 of them for training, in shards; each picture has its number for its bytes. */
export async function largeShards(changed: ReadonlyMap<string, Bytes> = new Map()): Promise<MadeShards> {
  const files = vocPictures(PICTURES, LARGE);
  const text = new TextEncoder();
  const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`).join('\n');
  files.set('ImageSets/Main/train.txt', text.encode(names(0, 12)));
  files.set('ImageSets/Main/val.txt', text.encode(names(12, PICTURES)));
  for (const [path, bytes] of changed) files.set(path, bytes);
  return shardsOf(files, { shardBytes: 1_500_000 });
}

/** For tests: the files of such a set as a person drops them. */
export function onDisk(files: ReadonlyMap<string, Bytes>, folder = 'cells/'): ImportSource {
  const given: GivenFile[] = [...files].map(([name, bytes]) => ({ path: `${folder}${name}`, file: new Blob([bytes]) }));
  return { kind: 'files', name: 'cells', files: given };
}

/** For tests: a bundled set that is like no other. */
export async function bundled(): Promise<DataSet> {
  return {
    name: 'bundled',
    classes: [],
    samples: [],
    splits: {},
    problems: [],
    hash: 'bundled',
    imageBytes: () => Promise.reject(new Error('no pictures')),
  };
}

/** For tests: the set is there as its index has it, and each picture with its own bytes. */
export async function expectWhole(store: TestStore, id: string, index: ShardIndex): Promise<void> {
  const service = testService(store, { bundled });
  const { sources: _, shardBytes: __, counts: ___, shards: ____, samples, ...rest } = index;
  expect(await service.dataSet(id)).toEqual({
    ...rest,
    id,
    samples: samples.map(({ picture: _____, ...sample }) => sample),
  });
  for (const sample of samples) {
    const bytes = await service.picture(id, sample.id);
    expect([sample.id, bytes.byteLength, bytes[60]]).toEqual([sample.id, LARGE_BYTES, Number(sample.id)]);
  }
}
