import { readCocoJson } from '../src/metrics/coco-json.ts';
import { evaluateDetections } from '../src/metrics/report.ts';
import { reportLines } from './cli/evaluation-table.ts';
import { readTextFile } from './cli/input-file.ts';
import { type CommandContext, refuseUsage, runCommand } from './cli/run-command.ts';

interface Options {
  readonly detections?: string;
  readonly groundTruth?: string;
}

await runCommand<Options>({
  name: 'npm run evaluate --',
  summary: 'Measures VOC and COCO mAP of detections against the ground truth.',
  define(command) {
    command
      .option('--detections <COCO.json>', 'a list of {image_id, category_id, bbox, score}')
      .option('--ground-truth <COCO.json>', 'an object with images, categories and annotations');
  },
  run: (options, _args, context) => evaluate(options, context),
});

async function evaluate({ detections, groundTruth }: Options, context: CommandContext): Promise<unknown> {
  if (!detections || !groundTruth) {
    const found = detections ? '--detections alone' : groundTruth ? '--ground-truth alone' : 'nothing to evaluate';
    refuseUsage(`Found ${found}; expected --detections COCO.json with --ground-truth COCO.json.`);
  }
  const problem = readCocoJson(await readTextFile(groundTruth), await readTextFile(detections));
  for (const warning of problem.warnings) context.say(warning);
  const report = evaluateDetections(problem);
  for (const line of reportLines(report)) context.print(line);
  return report;
}
