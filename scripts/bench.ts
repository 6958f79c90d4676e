import { type BenchReport, type BenchRow, benchLines } from '../bench/report.ts';
import type { GpuSession } from '../src/tf/index.ts';
import { oneOf } from './cli/option-values.ts';
import { type CommandContext, runCommand } from './cli/run-command.ts';

type Suite = (context: CommandContext) => Promise<BenchReport>;

/** What each suite needs is loaded where it is wanted: one needs no device here, another no browser. */
const SUITES: Readonly<Record<string, Suite>> = {
  step: onGpu('step', async (session, { say, signal }) => {
    const [{ benchStep }, { openCheckpoint }] = await Promise.all([
      import('../bench/step.ts'),
      import('./sources/open-checkpoint.ts'),
    ]);
    const { checkpoint } = await openCheckpoint('tiny');
    return benchStep(session, checkpoint, say, signal);
  }),
  kernels: onGpu('kernels', async (session, { say, signal }) => {
    const { benchKernels } = await import('../bench/kernels/kernels.ts');
    return benchKernels(session, say, signal);
  }),
  forward: onGpu('forward', async (session, { say, signal }) => {
    const [{ benchForward }, { openCheckpoint, openModel }] = await Promise.all([
      import('../bench/forward.ts'),
      import('./sources/open-checkpoint.ts'),
    ]);
    const [tiny, resnet50] = [await openCheckpoint('tiny'), await openModel('random:resnet-50', 0)];
    return benchForward(session, { tiny: tiny.checkpoint, resnet50: resnet50.checkpoint }, say, signal);
  }),
  page: async ({ say, signal }) => {
    const [{ benchPage }, { ensureChromium }] = await Promise.all([
      import('../bench/page/page.ts'),
      import('./setup/chromium.ts'),
    ]);
    return benchPage({ executablePath: await ensureChromium(say), say, signal });
  },
};

await runCommand<{ suite: string }>({
  name: 'npm run bench --',
  summary:
    'Measures a training step, single kernels or a forward pass against stock tfjs operations and other libraries, or what the page costs in a real browser.',
  define(command) {
    const names = Object.keys(SUITES);
    command.option('--suite <NAME>', `what to measure: ${names.join(' or ')}`, oneOf('--suite', names), 'step');
  },
  async run({ suite }, _args, context): Promise<BenchReport | undefined> {
    const report = await SUITES[suite]?.(context);
    for (const line of report ? benchLines(report) : []) context.print(line);
    return report;
  },
});

/** A suite that computes on the device of this process. */
function onGpu(suite: string, measure: (session: GpuSession, context: CommandContext) => Promise<BenchRow[]>): Suite {
  return async (context) => {
    const { openGpu } = await import('./sources/gpu.ts');
    const session = await openGpu(context);
    return { adapter: session.adapter.name, suite, rows: await measure(session, context) };
  };
}
