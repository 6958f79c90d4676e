import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StudioError } from '../src/base/errors.ts';
import { someOf } from './cli/option-values.ts';
import { type CommandContext, runCommand } from './cli/run-command.ts';
import { ensureChromium } from './setup/chromium.ts';
import { PROJECT_ROOT } from './setup/project-root.ts';
import { provideVulkanDriver } from './setup/vulkan-driver.ts';
import { addCounts, countsText, NOTHING } from './testing/counts.ts';
import { runSuite, SUITE_NAMES, type SuiteName } from './testing/suites.ts';

await runCommand<{ only?: readonly SuiteName[] }>({
  name: 'npm test --',
  summary: 'Runs every test: lint and types, then the tests on the CPU, on a WebGPU device, and in a real browser.',
  hasJson: false,
  define(command) {
    command.option('--only <suites>', `some of ${SUITE_NAMES.join(',')}`, someOf('--only', SUITE_NAMES));
  },
  run: (options, _args, context) => test(options.only ?? SUITE_NAMES, context),
});

async function test(suites: readonly SuiteName[], context: CommandContext): Promise<void> {
  pointAtFixtures();
  const chromium = suites.includes('e2e') ? await ensureChromium(context.say) : null;
  if (chromium) context.print(`Browser: ${chromium}`);
  let icdFile: string | null = null;
  if (suites.includes('gpu')) {
    const driver = await provideVulkanDriver(context.say);
    context.print(`WebGPU in Node: ${driver.name}`);
    icdFile = driver.icdFile;
  }
  let counts = NOTHING;
  for (const suite of suites) {
    if (context.signal.aborted) break;
    const startMs = performance.now();
    context.print(`\n=== ${suite} ===`);
    const suiteCounts = await runSuite(suite, { chromium, icdFile, signal: context.signal });
    if (context.signal.aborted) break;
    counts = addCounts(counts, suiteCounts);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    context.print(`${suite}: ${countsText(suiteCounts)} in ${seconds} s`);
  }
  if (context.signal.aborted) throw new StudioError('cancelled', `Stopped on request: ${countsText(counts)} so far.`);
  context.print(`\n${countsText(counts)}`);
  if (counts.failed > 0 || counts.passed === 0) context.markFailed();
}

/** Tests find data that may not be part of the project under DETRAIN_FIXTURES. */
function pointAtFixtures(): void {
  const beside = resolve(PROJECT_ROOT, '../shared/fixtures');
  if (!process.env.DETRAIN_FIXTURES && existsSync(join(beside, 'README.md'))) process.env.DETRAIN_FIXTURES = beside;
}
