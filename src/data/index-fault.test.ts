import { expect, test } from 'vitest';
import { indexFault } from './index-fault.ts';
import { readShardIndex, type ShardIndex, writeShardIndex } from './shard-index.ts';
import { largeShards } from './test-large-shards.ts';

const made = await largeShards();

test.each<[string, (index: ShardIndex) => ShardIndex]>([
  ['a picture outside its shard', (index) => changeFirst(index, { picture: { byteOffset: 1e9 } })],
  ['a picture inside another', (index) => changeFirst(index, { picture: { byteOffset: 481_000 } })],
  ['more memory than any picture has', (index) => changeFirst(index, { picture: { byteLength: 2 ** 40 } })],
  ['a path that leads elsewhere', (index) => changeFirst(index, { imagePath: '../../etc/passwd' })],
  ['a box outside its picture', (index) => changeFirst(index, { box: [0, 0, 4000, 4] })],
  ['a class that is none', (index) => ({ ...index, classes: ['even'] })],
  ['a picture twice', (index) => ({ ...index, samples: [...index.samples, ...index.samples.slice(0, 1)] })],
  ['a split of pictures that are not there', (index) => ({ ...index, splits: { train: ['nobody'] } })],
])('an index with %s is refused', (_, change) => {
  expect(indexFault(made.index)).toBeNull();
  expect(() => readShardIndex(writeShardIndex(change(made.index)), 'index.json')).toThrow(/^index\.json .*damaged/);
});

function changeFirst(
  index: ShardIndex,
  {
    picture = {},
    imagePath,
    box,
  }: {
    picture?: { byteOffset?: number; byteLength?: number };
    imagePath?: string;
    box?: readonly [number, number, number, number];
  },
): ShardIndex {
  const [first, ...others] = index.samples;
  if (first === undefined) return index;
  const objects = box === undefined ? first.objects : first.objects.map((object) => ({ ...object, boxXyxyPx: box }));
  const changed = {
    ...first,
    imagePath: imagePath ?? first.imagePath,
    objects,
    picture: { ...first.picture, ...picture },
  };
  return { ...index, samples: [changed, ...others] };
}
