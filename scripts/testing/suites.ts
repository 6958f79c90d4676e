import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts, type Counts, playwrightCounts, settleCounts, vitestCounts } from './counts.ts';
import { runGroup } from './run-group.ts';

export const SUITE_NAMES = ['lint', 'unit', 'gpu', 'e2e'] as const;
export type SuiteName = (typeof SUITE_NAMES)[number];

export interface SuiteOptions {
  /** The executable of a Chromium, for e2e. */
  readonly chromium: string | null;
  /** The Vulkan driver, for the GPU tests alone: a browser brings its own. Null where none has to be named. */
  readonly icdFile: string | null;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 1_800_000;
const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const TSC = 'node_modules/typescript/bin/tsc';
const VITEST = 'node_modules/vitest/vitest.mjs';
const PLAYWRIGHT = 'node_modules/playwright/cli.js';

/** Runs one suite, with what it prints shown, and counts its tests; lint counts as two. */
export async function runSuite(name: SuiteName, options: SuiteOptions): Promise<Counts> {
  switch (name) {
    case 'lint':
      return addCounts(
        await runCheck([BIOME, 'check', '--error-on-warnings', '.'], options),
        await runCheck([TSC, '-p', '.'], options),
      );
    case 'unit':
    case 'gpu':
      return runVitest(name, options);
    case 'e2e':
      return runPlaywright(options);
  }
}

async function runCheck(args: readonly string[], { signal }: SuiteOptions): Promise<Counts> {
  const code = await runGroup(args, { env: {}, signal, timeoutMs: TIMEOUT_MS });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function runVitest(project: 'unit' | 'gpu', { signal, icdFile }: SuiteOptions): Promise<Counts> {
  return withReport(async (file) => {
    const args = [VITEST, 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile=${file}`];
    const env: Record<string, string> = project === 'gpu' && icdFile !== null ? { VK_ICD_FILENAMES: icdFile } : {};
    const code = await runGroup(args, { env, signal, timeoutMs: TIMEOUT_MS });
    return settleCounts(vitestCounts(await readReport(file)), code);
  });
}

async function runPlaywright({ signal, chromium }: SuiteOptions): Promise<Counts> {
  return withReport(async (file) => {
    const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, ...(chromium === null ? {} : { DETRAIN_CHROMIUM: chromium }) };
    const code = await runGroup([PLAYWRIGHT, 'test', '-c', 'e2e', '--reporter=list,json'], {
      env,
      signal,
      timeoutMs: TIMEOUT_MS,
    });
    return settleCounts(playwrightCounts(await readReport(file)), code);
  });
}

async function withReport(run: (file: string) => Promise<Counts>): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'detrain-test-'));
  try {
    return await run(join(folder, 'report.json'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The parsed report, or null where the program ended before it had written one. */
async function readReport(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}
