import { readArchiveTree } from '../../src/data/archive-tree.ts';
import type { DataSet } from '../../src/data/types.ts';
import { readVocDataSet } from '../../src/data/voc-data-set.ts';
import { openFileTree } from '../../src/platform/node/file-tree.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { SAMPLE_DATA } from './bundled.ts';

/**
 * Opens the data set that `--data` names: a folder, a tar, a zip, or "sample". Splits that it has no lists of are always drawn
 * alike, so that what was trained on is never measured on. What was left out is listed on standard error.
 */
export async function openDataSet(data: string, context: CommandContext): Promise<DataSet> {
  const tree = await openFileTree(data === 'sample' ? SAMPLE_DATA : data, readArchiveTree);
  const dataSet = await readVocDataSet(tree, {
    signal: context.signal,
    onProgress: (done, total) =>
      context.progress.update({ label: 'reading', done, total, perSecond: null, unit: 'pictures', secondsLeft: null }),
  });
  for (const { file, severity, reason } of dataSet.problems) {
    context.say(`${severity === 'refused' ? 'Left out' : 'Note'}: ${file}: ${reason}`);
  }
  const splits = Object.entries(dataSet.splits).map(([name, ids]) => `${name} ${ids.length}`);
  context.say(
    `Data: ${dataSet.name}, ${dataSet.samples.length} pictures (${splits.join(', ')}), ${dataSet.classes.length} classes.`,
  );
  return dataSet;
}
