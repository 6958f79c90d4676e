import { type BenchReport, benchLines } from '../bench/report.ts';
import { benchStep } from '../bench/step.ts';
import { oneOf } from './cli/option-values.ts';
import { runCommand } from './cli/run-command.ts';
import { openGpu } from './sources/gpu.ts';
import { openCheckpoint } from './sources/open-checkpoint.ts';

await runCommand<{ suite: string }>({
  name: 'npm run bench --',
  summary: 'Measures a training step against a plain copy of it in stock tfjs operations.',
  define(command) {
    command.option('--suite <NAME>', 'what to measure: step', oneOf('--suite', ['step']), 'step');
  },
  async run({ suite }, _args, context): Promise<BenchReport> {
    const { checkpoint } = await openCheckpoint('tiny');
    const session = await openGpu(context);
    const rows = await benchStep(session, checkpoint, context.say, context.signal);
    const report = { adapter: session.adapter.name, suite, rows };
    for (const line of benchLines(report)) context.print(line);
    return report;
  },
});
