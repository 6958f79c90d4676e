import { AUGMENTS } from '../src/base/augment.ts';
import { bytesText } from '../src/base/bytes-text.ts';
import { carriedSentence, classRows } from '../src/base/class-rows.ts';
import { RECIPE_NAMES, SCHEDULES, VIEWS } from '../src/base/recipes.ts';
import { decodeWith } from '../src/data/decode.ts';
import { readCheckpointFiles } from '../src/interop/checkpoint-files.ts';
import { folderAdapterStore } from '../src/platform/node/adapter-store.ts';
import { decodePixels } from '../src/platform/node/decode.ts';
import { folderRunStore } from '../src/platform/node/run-store.ts';
import { settingsToResume } from '../src/train/run-length.ts';
import type { MemoryPlan, PlannedRun } from '../src/train/run-memory.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from '../src/train/splits.ts';
import { readTrainerState } from '../src/train/trainer-state.ts';
import type { TrainResult } from '../src/train/types.ts';
import { figure } from './cli/figure.ts';
import { oneOf, realNumber, wholeNumber } from './cli/option-values.ts';
import { type CommandContext, refuseUsage, runCommand } from './cli/run-command.ts';
import { CLASS_MAP_OPTION, readClassMap } from './sources/class-map.ts';
import { MIRROR_OPTION } from './sources/hub-model.ts';
import { openModel } from './sources/open-checkpoint.ts';
import { openDataSet } from './sources/open-data-set.ts';
import { requireSplit } from './sources/require-split.ts';
import { featureFolder, nextRunFolder, refuseFullFolder } from './training/out-folder.ts';
import { readRunFile } from './training/run-file.ts';
import { DEFAULTS, resolveSettings, type TrainOptions } from './training/settings.ts';
import { showEvents } from './training/show-events.ts';
import { versions } from './training/versions.ts';

const MOST = 10_000_000;

await runCommand<TrainOptions>({
  name: 'npm run train --',
  summary: 'Fine-tunes a DETR on a data set; without arguments the bundled one on the bundled sample.',
  define(command) {
    command
      .option(
        '--data <DIR|TAR|sample>',
        `a folder that npm run data made, or a folder, a tar or a zip in the form of Pascal VOC, COCO or YOLO (default: ${DEFAULTS.data})`,
      )
      .option(
        '--model <DIR|HUB_ID|tiny|random:NAME>',
        `the weights to start from; HUB_ID as facebook/detr-resnet-50@no_timm or resnet-50, NAME as resnet-50 (default: ${DEFAULTS.model})`,
      )
      .option(...MIRROR_OPTION)
      .option(...CLASS_MAP_OPTION)
      .option(
        '--recipe <NAME>',
        'settings that go together, each of which may still be said: quick (the backbone frozen, the class head first, a cosine), standard (the backbone at a tenth of the rate, one drop) or full (as DETR: long)',
        oneOf('--recipe', RECIPE_NAMES),
      )
      .option('--out <DIR>', 'where to write; runs/NAME-N where left out')
      .option('--steps <N>', 'optimiser steps', wholeNumber('--steps', 1, MOST))
      .option('--epochs <N>', 'passes over the train split, instead of steps', realNumber('--epochs', 0.001, MOST))
      .option('--batch <N>', 'pictures a mini-batch', wholeNumber('--batch', 1, 1024))
      .option(
        '--accumulate <N>',
        `mini-batches a step (default: ${DEFAULTS.accumulate})`,
        wholeNumber('--accumulate', 1, 1024),
      )
      .option('--recompute', 'keep less between the two passes and compute it again: less GPU memory, longer steps')
      .option(
        '--size <PX>',
        'shortest edge; the longest is at most floor(PX * 1333 / 800)',
        wholeNumber('--size', 32, 4096),
      )
      .option('--lr <X>', 'learning rate', realNumber('--lr', 0, 10))
      .option('--lr-backbone <X>', "the backbone's learning rate", realNumber('--lr-backbone', 0, 10))
      .option('--freeze-backbone', 'train encoder, decoder and heads alone, on kept features')
      .option('--no-freeze-backbone', 'train the backbone as well, whatever the recipe says')
      .option('--freeze-encoder', 'with --freeze-backbone: train decoder and heads alone, for under 100 pictures')
      .option(
        '--views <N>',
        `views a picture whose features are kept with --freeze-backbone (default: ${VIEWS})`,
        wholeNumber('--views', 1, 8),
      )
      .option(
        '--augment <HOW>',
        `how pictures are varied: ${AUGMENTS.join(', ')} (default: ${DEFAULTS.augment}); detr also resizes and crops`,
        oneOf('--augment', AUGMENTS),
      )
      .option(
        '--seed <N>',
        `for the order, augmentation, dropout and new weights (default: ${DEFAULTS.seed})`,
        wholeNumber('--seed', 0, 2 ** 31 - 1),
      )
      .option('--eval-every <N>', 'steps between evaluations; 0 for none', wholeNumber('--eval-every', 0, MOST))
      .option('--eval-images <N>', 'evaluate on the first N pictures of val', wholeNumber('--eval-images', 1, MOST))
      .option(
        '--checkpoint-every <N>',
        `steps between checkpoints (default: ${DEFAULTS.checkpointEvery})`,
        wholeNumber('--checkpoint-every', 1, MOST),
      )
      .option(
        '--clip <X>',
        `largest gradient norm; 0 for any (default: ${DEFAULTS.clip})`,
        realNumber('--clip', 0, 1e6),
      )
      .option(
        '--weight-decay <X>',
        `decoupled weight decay (default: ${DEFAULTS.weightDecay})`,
        realNumber('--weight-decay', 0, 10),
      )
      .option('--dropout <P>', 'dropout rate', realNumber('--dropout', 0, 0.99))
      .option(
        '--schedule <NAME>',
        'how the rates go: constant, step (a tenth after --lr-drop) or cosine (down to 0 at the end; another length at --resume draws it anew)',
        oneOf('--schedule', SCHEDULES),
      )
      .option(
        '--lr-drop <STEP|none>',
        'the step after which the rates are a tenth (default: none; two thirds of the run with --schedule step)',
        stepOrNone,
      )
      .option('--warmup <N>', 'steps in which the rates rise to their full height', wholeNumber('--warmup', 0, MOST))
      .option(
        '--head-steps <N>',
        'steps at the start that train the class head alone',
        wholeNumber('--head-steps', 0, MOST),
      )
      .option('--plan', 'say what the run will take of GPU memory and what lowers it, and train nothing')
      .option('--force', 'write into an output folder that is not empty')
      .option('--resume <DIR>', 'go on with the run in that folder, with its own settings; --steps may be new');
  },
  run: (options, _args, context) =>
    options.resume !== undefined ? resume(options.resume, options, context) : startNew(options, context),
});

async function startNew(options: TrainOptions, context: CommandContext): Promise<TrainResult | MemoryPlan> {
  if (options.steps !== undefined && options.epochs !== undefined) {
    refuseUsage('Found both --steps and --epochs; expected one of them.');
  }
  const mayFreeze = options.freezeBackbone ?? options.recipe === 'quick';
  if (options.freezeEncoder && !mayFreeze) {
    refuseUsage(
      'Found --freeze-encoder without --freeze-backbone; the encoder is frozen only with the backbone before it: say both.',
    );
  }
  if (options.views !== undefined && !mayFreeze) {
    refuseUsage(
      'Found --views without --freeze-backbone; views are for kept features: say both, or leave --views out.',
    );
  }
  if (options.out === '') refuseUsage('--out: found an empty name; expected a folder to write to.');
  const { data = DEFAULTS.data, model = DEFAULTS.model, seed = DEFAULTS.seed, mirror } = options;
  if (options.out !== undefined) await refuseFullFolder(options.out, options.force ?? false);
  const classMap = await readClassMap(options.classMap);
  const { checkpoint: from } = await openModel(model, seed, { mirror, context });
  const dataSet = await openDataSet(data, context);
  requireSplit(dataSet, TRAIN_SPLIT, 'Label some pictures for it, or take its list away so that it is drawn.');
  if (options.evalEvery !== 0) {
    requireSplit(dataSet, EVAL_SPLIT, 'Label more pictures, or say --eval-every 0 to train without measuring.');
  }
  const rows = classRows(dataSet.classes, from.config.labels, classMap);
  const { openGpu, runTraining, startingPoint } = await gpuSide();
  const session = await openGpu(context);
  const { settings, notices } = resolveSettings(options, from, dataSet, session.adapter.software);
  if (options.plan) return printPlan({ from, dataSet, settings }, context);
  for (const notice of [carriedSentence(rows), ...rows.notices, ...notices]) context.say(notice);
  const start = startingPoint(from, dataSet, settings, classMap);
  const store = folderRunStore(options.out ?? (await nextRunFolder(dataSet.name)));
  await store.clear();
  await store.writeRun({
    data,
    model,
    dataName: dataSet.name,
    dataHash: dataSet.hash,
    classes: dataSet.classes,
    carriedClasses: start.carriedClasses,
    classRows: start.classRows,
    settings,
    adapter: session.adapter.name,
    versions: await versions(),
    started: new Date().toISOString(),
  });
  const features = featureFolder(dataSet.name);
  const result = await runTraining({ session, dataSet, ...start, settings, store, features, ...ports(context) });
  printNext(data, result, context);
  return result;
}

/** The GPU memory of the run, in lines and as JSON. */
async function printPlan(run: PlannedRun, context: CommandContext): Promise<MemoryPlan> {
  const { planMemory } = await import('../src/train/run-memory.ts');
  const { batch, accumulate, size } = run.settings;
  const plan = await planMemory(run);
  context.print(`Batch ${batch} at ${size} px takes ${bytesText(plan.gpuBytes)} of GPU memory at its highest.`);
  for (const { change, to, gpuBytes } of plan.savings) {
    const option = {
      recompute: '--recompute',
      batch: `--batch ${to} --accumulate ${Math.round((batch * accumulate) / to)}`,
      size: `--size ${to}`,
      freezeBackbone: '--freeze-backbone',
    }[change];
    context.print(`  with ${option}: ${bytesText(gpuBytes)}`);
  }
  return plan;
}

async function resume(folder: string, options: TrainOptions, context: CommandContext): Promise<TrainResult> {
  refuseNewSettings(folder, options);
  const run = await readRunFile(folder);
  const store = folderRunStore(folder);
  const files = await store.loadCheckpoint('last');
  if (!files) refuseUsage(`--resume ${folder}: the run has no checkpoint yet; start it anew.`);
  const state = readTrainerState(files);
  const checkpoint = readCheckpointFiles(files, folder);
  const dataSet = await openDataSet(run.data, context);
  if (dataSet.hash !== run.dataHash) {
    refuseUsage(
      `--resume ${folder}: the data set in ${run.data} has changed since (its hash was ${run.dataHash.slice(0, 12)}, and is ${dataSet.hash.slice(0, 12)}); start a new run from the weights.`,
    );
  }
  const going = settingsToResume(run.settings, state);
  const settings = options.steps === undefined ? going : { ...going, steps: options.steps, maxSeconds: null };
  if (settings.steps < state.step) {
    refuseUsage(`--steps ${settings.steps}: the run in ${folder} is at step ${state.step} already; expected more.`);
  }
  const { openGpu, runTraining } = await gpuSide();
  const session = await openGpu(context);
  if (options.steps !== undefined) await store.writeRun({ ...run, settings });
  await store.truncateMetrics(state.step);
  const { carriedClasses } = run;
  const features = featureFolder(dataSet.name);
  const started = { session, dataSet, checkpoint, carriedClasses, settings, resumeFrom: state, store, features };
  const result = await runTraining({ ...started, ...ports(context) });
  printNext(run.data, result, context);
  return result;
}

/** A run goes on as it began: an option that would be ignored is refused. */
function refuseNewSettings(folder: string, options: TrainOptions): void {
  if (folder === '') refuseUsage("--resume: found an empty name; expected the run's folder.");
  const other = Object.keys(options).find((name) => !['resume', 'steps', 'json'].includes(name));
  if (other === undefined) return;
  const option = `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  refuseUsage(
    `Found ${option} with --resume; expected --steps at most, since the run goes on with its own settings. Leave ${option} out, or start a new run.`,
  );
}

/** Loaded once all input was looked at: TensorFlow.js takes its time. */
async function gpuSide() {
  const [{ openGpu }, { startingPoint }, { runTraining }] = await Promise.all([
    import('./sources/gpu.ts'),
    import('../src/train/start.ts'),
    import('../src/train/loop.ts'),
  ]);
  return { openGpu, startingPoint, runTraining };
}

function ports(context: CommandContext) {
  return {
    decode: decodeWith(decodePixels),
    adapters: folderAdapterStore(),
    now: () => performance.now(),
    onEvent: showEvents(context),
    signal: context.signal,
  };
}

function printNext(data: string, { out, steps, best, final }: TrainResult, context: CommandContext): void {
  context.print(`The run is in ${out}: ${steps} steps${final ? `, AP50 ${figure(final.map50)}` : ''}.`);
  if (context.signal.aborted) {
    context.print(`It was stopped. Go on with it:   npm run train -- --resume ${out}`);
  }
  if (best) context.print(`Best weights (AP50 ${figure(best.map50)}, step ${best.step}) are in ${out}/best.`);
  context.print(`Find boxes in a picture:         npm run predict -- ${out} PICTURE.jpg --out boxes`);
  context.print(`Measure it on the val split:     npm run evaluate -- ${out} --data ${data}`);
}

function stepOrNone(text: string): number | null {
  return text === 'none' ? null : wholeNumber('--lr-drop', 1, MOST)(text);
}
