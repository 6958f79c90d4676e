import { decodeWith } from '../src/data/decode.ts';
import { createTrainLoader } from '../src/data/loader.ts';
import { createPictureCache } from '../src/data/picture-cache.ts';
import { decodePixels } from '../src/platform/node/decode.ts';
import { TRAIN_SPLIT } from '../src/train/splits.ts';
import { wholeNumber } from './cli/option-values.ts';
import { type CommandContext, runCommand } from './cli/run-command.ts';
import { openModel } from './sources/open-checkpoint.ts';
import { openDataSet } from './sources/open-data-set.ts';
import { requireSplit } from './sources/require-split.ts';

interface Options {
  readonly data: string;
  readonly model: string;
  readonly batch: number;
  readonly seed: number;
}

/** Batches that are looked for: two of one shape. */
const MOST_BATCHES = 50;
const RATES = { lr: 1e-4, lrBackbone: 1e-5, weightDecay: 1e-4 };

await runCommand<Options>({
  name: 'npm run bisect-step --',
  summary: 'Tells where a replayed training step first differs from the same step as tfjs runs it.',
  define(command) {
    command
      .option('--data <DIR|TAR|sample>', 'where its batches come from', 'sample')
      .option('--model <DIR|tiny|random:ARCHITECTURE>', 'whose step', 'tiny')
      .option('--batch <N>', 'pictures a batch', wholeNumber('--batch', 1, 64), 2)
      .option('--seed <N>', 'of the batches and of dropout', wholeNumber('--seed', 0, 2 ** 31 - 1), 0);
  },
  async run(options, _args, context) {
    const difference = await firstDifference(options, context);
    if (difference === null) {
      context.print('Every dispatch of the replay leaves what it leaves when tfjs runs it, to the bit.');
    } else {
      const { dispatch, label, buffer } = difference;
      const where = buffer === null ? 'is another program' : `leaves something else in its buffer ${buffer}`;
      context.print(`Dispatch ${dispatch}, ${label || 'a program of tfjs'}, is the first that differs: it ${where}.`);
    }
    return { difference };
  },
});

async function firstDifference({ data, model, batch, seed }: Options, context: CommandContext) {
  const { checkpoint } = await openModel(model, seed);
  const dataSet = await openDataSet(data, context);
  requireSplit(dataSet, TRAIN_SPLIT, 'Label some pictures for it.');
  const [{ openModelOnGpu }, { AdamW }, { RecordedStep }, { MOST_TARGETS }] = await Promise.all([
    import('./sources/open-model-on-gpu.ts'),
    import('../src/train/adamw.ts'),
    import('../src/train/recorded-step.ts'),
    import('../src/loss/targets.ts'),
  ]);
  const { session, model: detr } = await openModelOnGpu(checkpoint, context);
  const parameters = detr.parameters.trainable({ freezeBackbone: false, freezeEncoder: false });
  const { dropout: residual, attentionDropout: attention, activationDropout: activation } = checkpoint.config;
  const recorded = new RecordedStep(detr, new AdamW(parameters), parameters, {
    dropout: { residual, attention, activation, seed },
    clip: 0.1,
    accumulate: 1,
    slots: MOST_TARGETS,
    submissionMs: session.submissionMs,
  });
  const loader = createTrainLoader({
    dataSet,
    decode: decodeWith(decodePixels),
    preprocessor: checkpoint.preprocessor.config,
    cache: createPictureCache(0),
    onProblem: ({ file, reason }) => context.say(`Left out: ${file}: ${reason}`),
    split: TRAIN_SPLIT,
    batch,
    seed,
    augment: 'flip',
  });
  const seen = new Set<string>();
  for (let step = 1; step <= MOST_BATCHES; step++) {
    const next = await loader.next();
    const shape = `${next.size.h} x ${next.size.w}`;
    if (seen.has(shape)) {
      context.say(`Comparing step ${step}, ${batch} pictures padded to ${shape}.`);
      return recorded.firstDifference(next, step);
    }
    seen.add(shape);
    await (await recorded.submit([next], RATES, step)).outcome;
    session.throwIfFailed();
  }
  return null;
}
