import { basename, join, resolve } from 'node:path';
import { bytesText } from '../src/base/bytes-text.ts';
import { loadOnnxRuntime } from '../src/platform/node/onnx-runtime.ts';
import { ownResizeSentence, receiptLine } from '../src/predict/receipt-words.ts';
import type { ExportKind, ParityReceipt } from '../src/predict/types.ts';
import { oneOf, wholeNumber } from './cli/option-values.ts';
import { writeOutputFile } from './cli/output-file.ts';
import { type CommandContext, refuseUsage, runCommand } from './cli/run-command.ts';
import { drawBoxes } from './drawing/draw-boxes.ts';
import { type ExportedTrainer, exportTrainer } from './scale-out/export-trainer.ts';
import { CLASS_MAP_OPTION } from './sources/class-map.ts';
import { MIRROR_OPTION } from './sources/hub-model.ts';
import { openCheckpoint } from './sources/open-checkpoint.ts';
import { knownFacts } from './sources/run-facts.ts';
import { samplePictures } from './sources/sample-pictures.ts';
import { refuseFullFolder } from './training/out-folder.ts';

const WEIGHT_KINDS: readonly ExportKind[] = ['folder', 'safetensors', 'safetensors-f16', 'onnx', 'all'];
/** The folder for the Trainer holds data too, so that it is none of `all`. */
const KINDS = [...WEIGHT_KINDS, 'trainer'] as const;
const DEFAULT_PICTURES = 4;

interface Options {
  readonly to?: (typeof KINDS)[number];
  readonly out?: string;
  readonly data?: string;
  readonly pictures?: number;
  readonly classMap?: string;
  readonly force?: boolean;
  readonly mirror?: string;
}

/** The document that `--json` prints. */
interface ExportDocument {
  readonly out: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly receipts: readonly ParityReceipt[];
}

await runCommand<Options>({
  name: 'npm run export --',
  summary: 'Writes weights for other programs, after other programs have looked at them.',
  define(command) {
    command
      .argument(
        '<weights>',
        "a checkpoint's folder, a run's (its best), a .safetensors with its config, a model of the hub as owner/name, or tiny",
      )
      .option('--to <KIND>', `one of ${KINDS.join(', ')}`, oneOf('--to', KINDS))
      .option('--out <DIR>', 'the folder to write into')
      .option(
        '--data <DIR|TAR|sample>',
        'whose pictures to check on, or for trainer to train on (default: those of the run, or to check on the sample)',
      )
      .option('--pictures <N>', `how many of them (default: ${DEFAULT_PICTURES})`, wholeNumber('--pictures', 1, 1000))
      .option('--force', 'write into a folder that is not empty')
      .option(...CLASS_MAP_OPTION)
      .option(...MIRROR_OPTION);
  },
  run({ to, out, ...options }, [weights = ''], context): Promise<ExportDocument | ExportedTrainer> {
    if (to === undefined || out === undefined) {
      refuseUsage(`Found no ${to === undefined ? '--to' : '--out'}; expected --to ${KINDS.join('|')} and --out DIR.`);
    }
    if (to === 'trainer') {
      if (options.pictures !== undefined)
        refuseUsage('Found --pictures with --to trainer, which checks on no picture.');
      return exportTrainer(weights, { out, ...options }, context);
    }
    if (options.classMap !== undefined)
      refuseUsage(`Found --class-map with --to ${to}; expected it with --to trainer.`);
    return exportWeights(weights, to, { out, ...options }, context);
  },
});

async function exportWeights(
  weights: string,
  kind: ExportKind,
  { out, data, pictures: count = DEFAULT_PICTURES, force = false, mirror }: Options & { readonly out: string },
  context: CommandContext,
): Promise<ExportDocument> {
  const { checkpoint, path } = await openCheckpoint(weights, { mirror, context });
  await refuseFullFolder(out, force);
  const known = await knownFacts(path);
  const pictures = await samplePictures(data ?? known.data ?? 'sample', count, context, data ? null : 'sample');

  const [{ openModelOnGpu }, { Detector }, { exportModel }] = await Promise.all([
    import('./sources/open-model-on-gpu.ts'),
    import('../src/predict/detector.ts'),
    import('../src/predict/export-model.ts'),
  ]);
  const { session, model } = await openModelOnGpu(checkpoint, context);
  const now = () => performance.now();
  const { files, receipts } = await exportModel(checkpoint, known.facts, kind, basename(resolve(out)), {
    onnxRuntime: loadOnnxRuntime,
    detector: new Detector(model, checkpoint.preprocessor.config, now),
    reference: session.adapter.name,
    pictures,
    draw: async (image, detections) => ({
      ending: 'jpg',
      bytes: Uint8Array.from(await drawBoxes(image, detections, 'jpg')),
    }),
    now,
    signal: context.signal,
    onStage: (stage) =>
      context.say(stage === 'checking' ? 'Checking what is written ...' : 'Checking half precision ...'),
  });
  session.throwIfFailed();
  for (const { path: name, file } of files) await writeOutputFile(out, name, file.chunks(), context.signal);
  for (const receipt of receipts) {
    context.print(receiptLine(receipt));
    context.print(ownResizeSentence(receipt));
  }
  for (const { path: name, file } of files) context.print(`  ${join(out, name)}, ${bytesText(file.byteLength)}`);
  return { out, files: files.map(({ path: name, file }) => ({ path: name, bytes: file.byteLength })), receipts };
}
