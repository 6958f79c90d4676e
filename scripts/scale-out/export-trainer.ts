import { join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { rateMeter } from '../../src/base/rate-meter.ts';
import { readArchiveTree } from '../../src/data/archive-tree.ts';
import { checkTrainerFolder } from '../../src/interop/trainer-folder/check-trainer-folder.ts';
import type { TrainerContents } from '../../src/interop/trainer-folder/readme.ts';
import { writeTrainerFolder } from '../../src/interop/trainer-folder/write-trainer-folder.ts';
import { openFileTree } from '../../src/platform/node/file-tree.ts';
import { writeOutputFile } from '../cli/output-file.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { readClassMap } from '../sources/class-map.ts';
import { refuseFullFolder } from '../training/out-folder.ts';
import { trainerSource } from './trainer-source.ts';

/** What `--to trainer` is given. */
export interface ExportTrainerOptions {
  readonly out: string;
  readonly data?: string;
  readonly classMap?: string;
  readonly mirror?: string;
  readonly force?: boolean;
}

/** The document that `--json` prints. */
export interface ExportedTrainer extends TrainerContents {
  readonly out: string;
}

/**
 * Writes the folder with which the Hugging Face Trainer goes on with a run, or with weights and data, and reads it back
 * against the rules that it has to keep. Throws `storage`, `internal` where it does not keep them, and as `trainerSource`.
 */
export async function exportTrainer(
  weights: string,
  { out, data, classMap, mirror, force = false }: ExportTrainerOptions,
  context: CommandContext,
): Promise<ExportedTrainer> {
  await refuseFullFolder(out, force);
  const source = await trainerSource({ weights, data, classMap: await readClassMap(classMap), mirror }, context);
  const meter = rateMeter(() => performance.now());
  const contents = await writeTrainerFolder({
    ...source,
    write: (path, bytes) => writeOutputFile(out, path, [bytes], context.signal),
    signal: context.signal,
    onProgress(done, total) {
      meter.report(done);
      context.progress.update({ label: 'writing', done, total, unit: 'pictures', ...meter.rate(total) });
    },
  });
  const [first, ...others] = await checkTrainerFolder(await openFileTree(out, readArchiveTree));
  if (first !== undefined) {
    const more =
      others.length === 0 ? '' : ` (and ${others.length} more; see: npx tsx scripts/check-trainer.ts ${out})`;
    throw new StudioError('bad-data-set', `What was written to ${out} is not what the Trainer takes: ${first}${more}`);
  }
  const { splits, testIsValidation } = contents;
  context.print(`${out}: ${splits.map(({ name, pictures }) => `${name} ${pictures}`).join(', ')} pictures, checked.`);
  if (testIsValidation) context.print('The set has no test split: test is a copy of validation.');
  context.print(`How to train with it stands in ${join(out, 'README.md')}.`);
  return { out, ...contents };
}
