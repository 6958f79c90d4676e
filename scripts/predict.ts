import { type StudioErrorCode, toStudioError } from '../src/base/errors.ts';
import { rateMeter } from '../src/base/rate-meter.ts';
import { decodeWith } from '../src/data/decode.ts';
import { readImageHeader } from '../src/data/image-header.ts';
import type { RgbImage } from '../src/data/types.ts';
import type { Checkpoint } from '../src/interop/checkpoint-files.ts';
import { decodePixels } from '../src/platform/node/decode.ts';
import type { TransformersModel } from '../src/predict/transformers-model.ts';
import type { PredictEngine, Prediction } from '../src/predict/types.ts';
import { oneOf, realNumber } from './cli/option-values.ts';
import { predictionLines } from './cli/prediction-lines.ts';
import { type CommandContext, runCommand } from './cli/run-command.ts';
import { type DrawnFormat, drawBoxes } from './drawing/draw-boxes.ts';
import { DrawnFiles } from './drawing/drawn-file.ts';
import { hasFonts } from './drawing/label-text.ts';
import { type HubAccess, MIRROR_OPTION } from './sources/hub-model.ts';
import { openCheckpoint } from './sources/open-checkpoint.ts';
import { readPicture } from './sources/read-picture.ts';

interface Options {
  readonly threshold: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly mirror?: string;
  readonly engine: PredictEngine;
}

type Find = (image: RgbImage) => Promise<Prediction>;

/** One entry of the document that `--json` prints. */
interface PredictedPicture {
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly detections: readonly {
    readonly label: string;
    readonly score: number;
    readonly box: { readonly xmin: number; readonly ymin: number; readonly xmax: number; readonly ymax: number };
  }[];
}

interface OpenedPicture {
  readonly image: RgbImage;
  readonly format: DrawnFormat;
}

/** What is wrong with one picture; everything else is wrong with the command. */
const OF_ONE_PICTURE: ReadonlySet<StudioErrorCode> = new Set([
  'bad-image',
  'not-found',
  'network',
  'gpu-limit',
  'storage',
]);

const ENGINES = ['detrain', 'transformers.js'] as const;

await runCommand<Options>({
  name: 'npm run predict --',
  summary: 'Finds boxes in pictures with the weights of a run or a checkpoint.',
  define(command) {
    command
      .argument(
        '<weights>',
        "a checkpoint's folder, a run's (its best), a .safetensors with its config, a model of the hub as owner/name, or tiny; for transformers.js also an export with ONNX",
      )
      .argument('<images...>', 'pictures, by path or http(s) address')
      .option('--threshold <X>', 'show boxes with a score above this', realNumber('--threshold', 0, 1), 0.7)
      .option('--out <DIR>', 'write the pictures with their boxes drawn into this folder')
      .option('--engine <NAME>', `who predicts: ${ENGINES.join(' or ')}`, oneOf('--engine', ENGINES), ENGINES[0])
      .option('--force', 'write over drawn pictures that are there already')
      .option(...MIRROR_OPTION);
  },
  run: (options, [weights = '', ...images], context) => predict(weights, images, options, context),
});

async function predict(
  weights: string,
  images: readonly string[],
  { threshold, out, force = false, mirror, engine }: Options,
  context: CommandContext,
): Promise<PredictedPicture[]> {
  const openFind = await opener(weights, { engine, threshold, mirror }, context);
  const drawn = out === undefined ? null : await DrawnFiles.open(out, force, images);
  if (drawn && !(await hasFonts())) {
    context.say(
      'No font was found on this machine: the labels on drawn pictures cannot be read. Install one, such as fonts-dejavu-core.',
    );
  }
  let find: Find | null = null;
  const predictOne = async (name: string): Promise<PredictedPicture> => {
    const { image, format } = await openPicture(name, context.signal);
    const path = await drawn?.pathFor(name, format);
    find ??= await openFind();
    const prediction = await find(image);
    if (drawn && path) await drawn.write(path, await drawBoxes(image, prediction.detections, format));
    for (const line of predictionLines(name, prediction, threshold)) context.print(line);
    if (path) context.print(`  drawn in ${path}`);
    return documentOf(name, prediction);
  };

  const predicted: PredictedPicture[] = [];
  const meter = rateMeter(() => performance.now());
  meter.report(0);
  for (const [index, name] of images.entries()) {
    context.signal.throwIfAborted();
    try {
      predicted.push(await predictOne(name));
    } catch (thrown) {
      const error = toStudioError(thrown);
      if (!OF_ONE_PICTURE.has(error.code)) throw error;
      context.say(`${name}: ${error.message}`.replace(/\s*\n\s*/g, ' '));
      context.markFailed();
    }
    meter.report(index + 1);
    if (images.length > 1) {
      const { perSecond, secondsLeft } = meter.rate(images.length);
      const counts = { done: index + 1, total: images.length, unit: 'pictures' };
      context.progress.update({ label: 'predicting', ...counts, perSecond, secondsLeft });
    }
  }
  return predicted;
}

async function openPicture(name: string, signal: AbortSignal): Promise<OpenedPicture> {
  const bytes = await readPicture(name, signal);
  const { format } = readImageHeader(bytes);
  return { image: await decodeWith(decodePixels)(bytes), format: format === 'jpg' ? 'jpg' : 'png' };
}

/** Reads the weights now, and opens what predicts only once there is a picture to look at. */
async function opener(
  weights: string,
  { engine, threshold, mirror }: Pick<Options, 'engine' | 'threshold'> & HubAccess,
  context: CommandContext,
): Promise<() => Promise<Find>> {
  if (engine === 'transformers.js') {
    const { openOnnxModel } = await import('./sources/open-onnx.ts');
    const model = await openOnnxModel(weights, { mirror, context });
    return () => openPipeline(model, threshold, context);
  }
  const { checkpoint } = await openCheckpoint(weights, { mirror, context });
  return () => openDetector(checkpoint, threshold, context);
}

async function openPipeline(model: TransformersModel, threshold: number, context: CommandContext): Promise<Find> {
  const [{ loadOnnxRuntime }, { TransformersDetector }] = await Promise.all([
    import('../src/platform/node/onnx-runtime.ts'),
    import('../src/predict/transformers-detector.ts'),
  ]);
  const runtime = await loadOnnxRuntime();
  const detector = await TransformersDetector.open(runtime, model, () => performance.now());
  context.say(`Computing by transformers.js ${detector.version}, in WebAssembly.`);
  return (image) => detector.predict(image, threshold);
}

async function openDetector(checkpoint: Checkpoint, threshold: number, context: CommandContext): Promise<Find> {
  const [{ openModelOnGpu }, { Detector }] = await Promise.all([
    import('./sources/open-model-on-gpu.ts'),
    import('../src/predict/detector.ts'),
  ]);
  const { session, model } = await openModelOnGpu(checkpoint, context);
  const detector = new Detector(model, checkpoint.preprocessor.config, () => performance.now());
  return async (image) => {
    const prediction = await detector.predict(image, threshold);
    session.throwIfFailed();
    return prediction;
  };
}

function documentOf(image: string, { size, detections }: Prediction): PredictedPicture {
  return {
    image,
    width: size.w,
    height: size.h,
    detections: detections.map(({ label, score, boxXyxyPx: [xmin, ymin, xmax, ymax] }) => ({
      label,
      score,
      box: { xmin, ymin, xmax, ymax },
    })),
  };
}
