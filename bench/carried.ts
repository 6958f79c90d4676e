import { nodeGpu } from '../src/platform/node/device.ts';
import { createGpuSession } from '../src/tf/index.ts';
import { carriedTiny } from './carried-tiny.ts';
import { GPU_SUITES } from './gpu-suites.ts';
import { type BenchReport, benchLines } from './report.ts';

const usage = `Usage: node FILE [--json] [SUITE ...], of ${Object.keys(GPU_SUITES).join(', ')}; all of them where none is named.`;

/**
 * The bench where the project is not: `node FILE step kernels forward`. Tables on standard output, or with `--json` a line
 * of JSON for each suite; how far it is on standard error.
 */
async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const named = args.filter((arg) => arg !== '--json');
  const suites = Object.entries(GPU_SUITES).filter(([name]) => named.length === 0 || named.includes(name));
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  if (named.some((name) => !(name in GPU_SUITES))) {
    say(usage);
    return 2;
  }
  const tiny = carriedTiny();
  const session = await createGpuSession(await nodeGpu());
  const { signal } = new AbortController();
  for (const [suite, measure] of suites) {
    const rows = await measure({ session, tiny, say, signal });
    const report: BenchReport = { adapter: session.adapter.name, suite, rows };
    process.stdout.write(`${json ? JSON.stringify(report) : benchLines(report).join('\n')}\n`);
  }
  return 0;
}

process.exit(await main(process.argv.slice(2)));
