import { z } from 'zod';
import { StudioError } from '../base/errors.ts';
import { SHARD_FORMAT } from '../base/shard-format.ts';
import { indexFault } from './index-fault.ts';
import { parseJson } from './json-text.ts';
import { count, problemSchema, sampleSchema, sha256 } from './sample-schema.ts';
import type { SetCounts } from './set-counts.ts';
import type { DataSet, Sample } from './types.ts';

const VERSION = 1;

/** A tar with some of a set's files. */
export interface Shard {
  readonly name: string;
  readonly byteLength: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Where a picture's bytes stand. */
export interface ShardPlace {
  /** Index into the shards. */
  readonly shard: number;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface ShardedSample extends Sample {
  readonly picture: ShardPlace;
}

/** One archive or folder that a set was made from. */
export interface SourceFile {
  readonly name: string;
  readonly byteLength: number;
  /** In hexadecimal; null of a folder. */
  readonly md5: string | null;
}

/** A set in shards: everything about it but the bytes of its pictures. */
export interface ShardIndex extends Omit<DataSet, 'imageBytes' | 'samples'> {
  readonly sources: readonly SourceFile[];
  /** What a shard was to have; one has more where a single file does. */
  readonly shardBytes: number;
  readonly counts: SetCounts;
  readonly shards: readonly Shard[];
  readonly samples: readonly ShardedSample[];
}

const classCounts = z.object({ name: z.string(), images: count, objects: count, difficult: count });
const pictureCounts = z.object({ images: count, objects: count, difficult: count, classes: z.array(classCounts) });
const schema = z.object({
  format: z.literal(SHARD_FORMAT),
  version: z.literal(VERSION),
  name: z.string(),
  hash: sha256,
  sources: z.array(z.object({ name: z.string(), byteLength: count, md5: z.string().nullable() })),
  shardBytes: count,
  classes: z.array(z.string()),
  counts: pictureCounts.extend({
    unlabelled: count,
    splits: z.array(pictureCounts.extend({ name: z.string() })),
  }),
  splits: z.record(z.string(), z.array(z.string())),
  shards: z.array(z.object({ name: z.string().regex(/^shard-\d{5,}\.tar$/), byteLength: count, sha256 })),
  problems: z.array(problemSchema),
  samples: z.array(
    sampleSchema().extend({
      picture: z.object({ shard: count, byteOffset: count, byteLength: count, sha256 }),
    }),
  ),
});

/** Reads an index. Throws `bad-data-set` for what is none, or one whose parts do not fit each other. */
export function readShardIndex(text: string, name: string): ShardIndex {
  const result = schema.safeParse(parseJson(text, name));
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.');
    const message = `${name} is no index of shards that this version reads: ${where}: ${issue?.message}. Make it again with npm run data.`;
    throw new StudioError('bad-data-set', message, { name });
  }
  const { format: _, version: __, ...index } = result.data;
  const fault = indexFault(index);
  if (fault !== null) {
    throw new StudioError('bad-data-set', `${name} ${fault}; the file is damaged. Make it again with npm run data.`, {
      name,
    });
  }
  return index;
}

/** The text of an index: a line for each sample, shard and problem, and the same text for the same set. */
export function writeShardIndex(index: ShardIndex): string {
  const { name, hash, sources, shardBytes, classes, counts, splits, shards, problems, samples } = index;
  const head = { format: SHARD_FORMAT, version: VERSION, name, hash, sources, shardBytes, classes, counts };
  const parts = [
    ...Object.entries(head).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`),
    `"splits": ${JSON.stringify(splits)}`,
    ...Object.entries({ shards, problems, samples }).map(([key, list]) => `"${key}": ${lines(list)}`),
  ];
  return `{\n${parts.join(',\n')}\n}\n`;
}

function lines(list: readonly unknown[]): string {
  return list.length === 0 ? '[]' : `[\n${list.map((each) => JSON.stringify(each)).join(',\n')}\n]`;
}
