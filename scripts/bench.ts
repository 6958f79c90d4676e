import { type BenchReport, benchLines } from '../bench/report.ts';
import { oneOf } from './cli/option-values.ts';
import { type CommandContext, runCommand } from './cli/run-command.ts';
import { ensureChromium } from './setup/chromium.ts';

const SUITES = ['step', 'page'];

await runCommand<{ suite: string }>({
  name: 'npm run bench --',
  summary:
    'Measures a training step against a plain copy of it in stock tfjs operations, or what the page costs in a real browser.',
  define(command) {
    command.option('--suite <NAME>', `what to measure: ${SUITES.join(' or ')}`, oneOf('--suite', SUITES), 'step');
  },
  async run({ suite }, _args, context): Promise<BenchReport> {
    const report = suite === 'page' ? await measurePage(context) : await measureStep(context);
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

async function measurePage({ say, signal }: CommandContext): Promise<BenchReport> {
  const { benchPage } = await import('../bench/page/page.ts');
  return benchPage({ executablePath: await ensureChromium(say), say, signal });
}
