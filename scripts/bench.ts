import { type BenchReport, benchLines } from '../bench/report.ts';
import { oneOf } from './cli/option-values.ts';
import { type CommandContext, runCommand } from './cli/run-command.ts';
import { ensureChromium } from './setup/chromium.ts';

const SUITES = ['step', 'data', 'page'];

await runCommand<{ suite: string }>({
  name: 'npm run bench --',
  summary:
    'Measures a training step against a plain copy of it in stock tfjs operations, the way of the pictures to it, or what the page costs in a real browser.',
  define(command) {
    command.option('--suite <NAME>', `what to measure: ${SUITES.join(', ')}`, oneOf('--suite', SUITES), 'step');
  },
  async run({ suite }, _args, context): Promise<BenchReport> {
    const measure = { page: measurePage, data: measureData, step: measureStep }[suite] ?? measureStep;
    const report = await measure(context);
    for (const line of benchLines(report)) context.print(line);
    return report;
  },
});

async function measureStep(context: CommandContext): Promise<BenchReport> {
  // Loaded where it is wanted: the other suite needs no device here.
  const [{ benchStep }, { openGpu }, { openCheckpoint }] = await Promise.all([
    import('../bench/step.ts'),
    import('./sources/gpu.ts'),
    import('./sources/open-checkpoint.ts'),
  ]);
  const { checkpoint } = await openCheckpoint('tiny');
  const session = await openGpu(context);
  const rows = await benchStep(session, checkpoint, context.say, context.signal);
  return { adapter: session.adapter.name, suite: 'step', rows };
}

async function measureData(context: CommandContext): Promise<BenchReport> {
  const [{ benchData }, { openGpu }, { openCheckpoint }, { openDataSet }] = await Promise.all([
    import('../bench/data.ts'),
    import('./sources/gpu.ts'),
    import('./sources/open-checkpoint.ts'),
    import('./sources/open-data-set.ts'),
  ]);
  const { checkpoint } = await openCheckpoint('tiny');
  const dataSet = await openDataSet('sample', context);
  const session = await openGpu(context);
  const rows = await benchData(checkpoint, dataSet, context.say, context.signal);
  return { adapter: session.adapter.name, suite: 'data', rows };
}

async function measurePage({ say, signal }: CommandContext): Promise<BenchReport> {
  const { benchPage } = await import('../bench/page/page.ts');
  return benchPage({ executablePath: await ensureChromium(say), say, signal });
}
