import { z } from 'zod';
import { SHARD_INDEX_FILE } from '../base/shard-format.ts';
import { parseJson } from './json-text.ts';
import type { ShardIndex } from './shard-index.ts';
import type { OfferedSet } from './types.ts';

const count = z.number().int().nonnegative();
const schema = z.object({
  sets: z.array(
    z.object({ name: z.string(), address: z.string(), images: count, boxes: count, bytes: count, hash: z.string() }),
  ),
});

/** The list as it is sent; addresses begin at the list's own. */
export type OfferedSetsText = z.infer<typeof schema>;

/** What the list says of a set in that subfolder. */
export function offerOf({ name, samples, counts, hash }: ShardIndex, folder: string): OfferedSetsText['sets'][number] {
  return {
    name,
    address: `${encodeURIComponent(folder)}/${SHARD_INDEX_FILE}`,
    images: counts.images,
    boxes: counts.objects,
    bytes: samples.reduce((sum, { picture }) => sum + picture.byteLength, 0),
    hash,
  };
}

/** Reads a list that came from `url`. Throws `bad-data-set` where it is none. */
export function readOfferedSets(text: string, url: string): readonly OfferedSet[] {
  const { sets } = schema.parse(parseJson(text, url));
  return sets.map(({ address, ...set }) => ({ ...set, url: new URL(address, url).href }));
}
