import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GPU_SUITES, type GpuSuite } from '../bench/gpu-suites.ts';
import { type BenchReport, benchLines } from '../bench/report.ts';
import { StudioError } from '../src/base/errors.ts';
import { oneOf } from './cli/option-values.ts';
import { type CommandContext, runCommand } from './cli/run-command.ts';
import { PROJECT_ROOT } from './setup/project-root.ts';

const BCCD = 'voc/bccd/BCCD_trainval.tar';

type Suite = (context: CommandContext) => Promise<BenchReport>;

/** What a suite needs is loaded where it is wanted: one needs no device here, another no browser. */
const SUITES: Readonly<Record<string, Suite>> = {
  ...Object.fromEntries(Object.entries(GPU_SUITES).map(([suite, measure]) => [suite, onGpu(suite, measure)])),
  data: async (context) => {
    const [{ benchData }, { openDataSet }] = await Promise.all([
      import('../bench/data.ts'),
      import('./sources/open-data-set.ts'),
    ]);
    const dataSet = await openDataSet('sample', context);
    return onGpu('data', ({ tiny, say, signal }) => benchData(tiny, dataSet, say, signal))(context);
  },
  archive: async ({ say, signal }) => {
    const { benchArchive } = await import('../bench/archive/archive.ts');
    return { adapter: 'none', suite: 'archive', rows: await benchArchive(say, signal) };
  },
  annotations: async ({ say, signal }) => {
    const { benchAnnotations } = await import('../bench/annotations/annotations.ts');
    return { adapter: 'none', suite: 'annotations', rows: await benchAnnotations(say, signal) };
  },
  fuzz: async ({ say }) => {
    const { benchFuzz } = await import('../bench/fuzz/fuzz.ts');
    return { adapter: 'none', suite: 'fuzz', rows: await benchFuzz(say) };
  },
  cleaning: async (context) => {
    const [{ benchCleaning }, { openDataSet }] = await Promise.all([
      import('../bench/cleaning/cleaning.ts'),
      import('./sources/open-data-set.ts'),
    ]);
    // Photographs that all look alike, where the fixtures are there.
    const photographs = join(process.env.DETRAIN_FIXTURES ?? join(PROJECT_ROOT, '../shared/fixtures'), BCCD);
    const names = ['sample', ...(existsSync(photographs) ? [photographs] : [])];
    const sets = await Promise.all(names.map((name) => openDataSet(name, context)));
    return { adapter: 'none', suite: 'cleaning', rows: await benchCleaning(sets, context.say, context.signal) };
  },
  'label-errors': async (context) => {
    const [{ benchLabelErrors }, { openDataSet }] = await Promise.all([
      import('../bench/label-errors/label-errors.ts'),
      import('./sources/open-data-set.ts'),
    ]);
    const dataSet = await openDataSet('sample', context);
    const rows = await benchLabelErrors(dataSet, context.say, context.signal);
    return { adapter: 'as npm run train takes it', suite: 'label-errors', rows };
  },
  reading: (context) => inBrowser('reading', context),
  'large-set': async ({ say, signal }) => {
    const [{ benchLargeSet }, { ensureChromium }] = await Promise.all([
      import('../bench/page/large-set.ts'),
      import('./setup/chromium.ts'),
    ]);
    return benchLargeSet({ executablePath: await ensureChromium(say), say, signal });
  },
  kills: async ({ say, signal }) => {
    const [{ benchKilledImports }, { ensureChromium }] = await Promise.all([
      import('../bench/page/killed-imports.ts'),
      import('./setup/chromium.ts'),
    ]);
    return benchKilledImports({ executablePath: await ensureChromium(say), say, signal });
  },
  project: async ({ say, signal }) => {
    const [{ benchProject }, { ensureChromium }] = await Promise.all([
      import('../bench/page/project.ts'),
      import('./setup/chromium.ts'),
    ]);
    return benchProject({ executablePath: await ensureChromium(say), say, signal });
  },
  page: async ({ say, signal }) => {
    const [{ benchPage }, { ensureChromium }] = await Promise.all([
      import('../bench/page/page.ts'),
      import('./setup/chromium.ts'),
    ]);
    return benchPage({ executablePath: await ensureChromium(say), say, signal });
  },
};

await runCommand<{ suite: string; browser?: boolean }>({
  name: 'npm run bench --',
  summary:
    'Measures a training step, single kernels or a forward pass against stock tfjs operations and other libraries, the variants of a kernel, the way of the pictures to it, an archive as large as VOC 2012 in the shell and in the page, a JSON of annotations as large as that of COCO, reading a set that the browser keeps, imports whose browser is killed, readers with changed inputs, how well duplicates are told, how soon broken labels are found, a project of 2,000 pictures and three runs out of the page and in again, or what the page costs in a real browser.',
  define(command) {
    const names = Object.keys(SUITES);
    command.option('--suite <NAME>', `what to measure: ${names.join(', ')}`, oneOf('--suite', names), 'step');
    command.option('--browser', `in a worker of a Chromium instead of here: ${Object.keys(GPU_SUITES).join(', ')}`);
  },
  async run({ suite, browser = false }, _args, context): Promise<BenchReport | undefined> {
    const report = await (browser ? inBrowser(suite, context) : SUITES[suite]?.(context));
    for (const line of report ? benchLines(report) : []) context.print(line);
    return report;
  },
});

async function inBrowser(suite: string, { say, signal }: CommandContext): Promise<BenchReport> {
  if (suite !== 'reading' && !(suite in GPU_SUITES))
    throw new StudioError('usage', `--browser goes with ${Object.keys(GPU_SUITES).join(', ')}; found ${suite}.`);
  const [{ runInBrowser }, { ensureChromium }] = await Promise.all([
    import('../bench/browser/run-in-browser.ts'),
    import('./setup/chromium.ts'),
  ]);
  return runInBrowser(suite, { executablePath: await ensureChromium(say), say, signal });
}

/** A suite that computes on the device of this process. */
function onGpu(suite: string, measure: GpuSuite): Suite {
  return async (context) => {
    const [{ openGpu }, { openCheckpoint }] = await Promise.all([
      import('./sources/gpu.ts'),
      import('./sources/open-checkpoint.ts'),
    ]);
    const { checkpoint: tiny } = await openCheckpoint('tiny');
    const session = await openGpu(context);
    const { signal } = context;
    const { openOnnxPeer } = await import('../bench/onnx-peer.ts');
    const rows = await measure({ session, tiny, say: (line) => context.say(line), signal, openOnnxPeer });
    return { adapter: session.adapter.name, suite, rows };
  };
}
