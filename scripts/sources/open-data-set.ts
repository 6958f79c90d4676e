import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { looksLikeShardIndex, SHARD_INDEX_FILE } from '../../src/base/shard-format.ts';
import { readArchiveTree } from '../../src/data/archive-tree.ts';
import { readDataSet } from '../../src/data/read-data-set.ts';
import { readShardIndex } from '../../src/data/shard-index.ts';
import { openShardedSet } from '../../src/data/sharded-set.ts';
import type { DataSet } from '../../src/data/types.ts';
import { openFileTree } from '../../src/platform/node/file-tree.ts';
import { folderShards } from '../../src/platform/node/shard-folder.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { SAMPLE_DATA } from './bundled.ts';

/**
 * Opens the data set that `--data` names: a folder that `npm run data` made, another folder, a tar, a zip, or "sample". Splits that it has no lists of are always drawn
 * alike, so that what was trained on is never measured on. What was left out is listed on standard error.
 */
export async function openDataSet(data: string, context: CommandContext): Promise<DataSet> {
  const dataSet = (await openMade(data)) ?? (await readWhole(data, context));
  for (const { file, severity, reason } of dataSet.problems) {
    context.say(`${severity === 'refused' ? 'Left out' : 'Note'}: ${file}: ${reason}`);
  }
  const splits = Object.entries(dataSet.splits).map(([name, ids]) => `${name} ${ids.length}`);
  context.say(
    `Data: ${dataSet.name}, ${dataSet.samples.length} pictures (${splits.join(', ')}), ${dataSet.classes.length} classes.`,
  );
  return dataSet;
}

/** A set in shards, or null where the folder holds none. */
async function openMade(folder: string): Promise<DataSet | null> {
  const path = join(folder, SHARD_INDEX_FILE);
  // What is no such folder is told of by whoever reads it as something else.
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null || !looksLikeShardIndex(text)) return null;
  return openShardedSet(readShardIndex(text, path), folderShards(folder));
}

async function readWhole(data: string, context: CommandContext): Promise<DataSet> {
  const tree = await openFileTree(data === 'sample' ? SAMPLE_DATA : data, readArchiveTree);
  return readDataSet(tree, {
    signal: context.signal,
    onProgress: (done, total) =>
      context.progress.update({ label: 'reading', done, total, perSecond: null, unit: 'pictures', secondsLeft: null }),
  });
}
