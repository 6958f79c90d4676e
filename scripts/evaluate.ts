import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readCocoJson } from '../src/metrics/coco-json.ts';
import { evaluateDetections } from '../src/metrics/report.ts';
import type { EvaluationReport } from '../src/metrics/types.ts';
import { EVAL_SPLIT } from '../src/train/splits.ts';
import { reportLines } from './cli/evaluation-table.ts';
import { readTextFile } from './cli/input-file.ts';
import { wholeNumber } from './cli/option-values.ts';
import { type CommandContext, refuseUsage, runCommand } from './cli/run-command.ts';
import { CLASS_MAP_OPTION, readClassMap } from './sources/class-map.ts';
import { MIRROR_OPTION } from './sources/hub-model.ts';
import { LEAST_SCORE, labelErrors } from './sources/label-errors.ts';
import { openCheckpoint } from './sources/open-checkpoint.ts';
import { openDataSet } from './sources/open-data-set.ts';
import { requireSplit } from './sources/require-split.ts';

interface Options {
  readonly data?: string;
  readonly split?: string;
  readonly batch?: number;
  readonly images?: number;
  readonly detections?: string;
  readonly groundTruth?: string;
  readonly mirror?: string;
  readonly classMap?: string;
  readonly labelErrors?: string;
}

const DEFAULT_BATCH = 4;

await runCommand<Options>({
  name: 'npm run evaluate --',
  summary: 'Measures VOC and COCO mAP: of weights on a data set, or of detections against a ground truth.',
  define(command) {
    command
      .argument(
        '[weights]',
        "a checkpoint's folder, a run's (its best), a .safetensors with its config, a model of the hub as owner/name, or tiny",
      )
      .option('--data <DIR|TAR|sample>', 'what to measure the weights on: a data set as npm run train takes it')
      .option('--split <NAME>', `which part of the data set (default: ${EVAL_SPLIT})`)
      .option('--batch <N>', `pictures a batch (default: ${DEFAULT_BATCH})`, wholeNumber('--batch', 1, 1024))
      .option('--images <N>', 'only the first N pictures of the split', wholeNumber('--images', 1, 10_000_000))
      .option(
        '--label-errors <FILE>',
        'write the labels that are likely to be wrong there as JSON, the most likely first',
      )
      .option('--detections <COCO.json>', 'a list of {image_id, category_id, bbox, score}')
      .option('--ground-truth <COCO.json>', 'an object with images, categories and annotations')
      .option(...MIRROR_OPTION)
      .option(...CLASS_MAP_OPTION);
  },
  async run(options, [weights], context) {
    const report = await (weights === undefined
      ? ofDetections(options, context)
      : ofWeights(weights, options, context));
    for (const line of reportLines(report)) context.print(line);
    return report;
  },
});

async function ofDetections(options: Options, context: CommandContext): Promise<EvaluationReport> {
  const { detections, groundTruth } = options;
  const ofWeightsOnly = (['data', 'split', 'batch', 'images', 'mirror', 'classMap', 'labelErrors'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (ofWeightsOnly)
    refuseUsage(
      `Found --${ofWeightsOnly.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)} without WEIGHTS; expected WEIGHTS --data D.`,
    );
  if (!detections || !groundTruth) {
    const found = detections ? '--detections alone' : groundTruth ? '--ground-truth alone' : 'nothing to evaluate';
    refuseUsage(`Found ${found}; expected --detections COCO.json with --ground-truth COCO.json, or WEIGHTS --data D.`);
  }
  const problem = readCocoJson(await readTextFile(groundTruth), await readTextFile(detections));
  for (const warning of problem.warnings) context.say(warning);
  return evaluateDetections(problem);
}

/** Nothing that is there is written over, and what has no place is told before anything is computed. */
function refuseTaken(path: string): void {
  if (existsSync(path)) refuseUsage(`--label-errors: found ${path}, which is there already; expected a new name.`);
  if (!existsSync(dirname(path))) refuseUsage(`--label-errors: found no folder ${dirname(path)}; make it first.`);
}

async function ofWeights(weights: string, options: Options, context: CommandContext): Promise<EvaluationReport> {
  const { data, split = EVAL_SPLIT, batch = DEFAULT_BATCH, images: limit = null } = options;
  if (options.detections || options.groundTruth) {
    refuseUsage('Found WEIGHTS with --detections or --ground-truth; expected one or the other.');
  }
  if (!data) refuseUsage(`Found WEIGHTS (${weights}) without --data; expected the data set to measure them on.`);
  if (options.labelErrors !== undefined) refuseTaken(options.labelErrors);
  const classMap = await readClassMap(options.classMap);
  const { checkpoint } = await openCheckpoint(weights, { mirror: options.mirror, context });
  const dataSet = await openDataSet(data, context);
  requireSplit(dataSet, split, `Choose another --split of ${Object.keys(dataSet.splits).join(', ')}.`);

  const [{ evaluateOnGpu }, { mapLabels }] = await Promise.all([
    import('./sources/evaluate-on-gpu.ts'),
    import('../src/train/evaluate.ts'),
  ]);
  // Refuses a class that the weights lack, before a device is opened.
  const { notices } = mapLabels(dataSet, checkpoint.config.labels, classMap);
  for (const notice of notices) context.say(notice);
  const keepPictures = options.labelErrors === undefined ? 0 : Number.POSITIVE_INFINITY;
  const evaluation = await evaluateOnGpu(
    { checkpoint, dataSet, split, batch, limit, keepPictures, keepScore: LEAST_SCORE, classMap, label: 'evaluating' },
    context,
  );
  if (options.labelErrors !== undefined) {
    const found = labelErrors(evaluation, dataSet.classes);
    await writeFile(options.labelErrors, `${JSON.stringify(found, null, 1)}\n`, { flag: 'wx' });
    const labels = found.length === 1 ? '1 label' : `${found.length} labels`;
    context.say(`${labels} that may be wrong, the most likely first: ${options.labelErrors}`);
  }
  return evaluation.report;
}
