import { someOf } from './cli/option-values.ts';
import { type CommandContext, refuseUsage, runCommand } from './cli/run-command.ts';
import { findGroups, KINDS, type Kind } from './parity/groups.ts';
import { checkLine, type GroupResult, summaryLines, worstCheck } from './parity/report.ts';
import { runGroup } from './parity/run-group.ts';
import { openGpu } from './sources/gpu.ts';

interface Options {
  readonly only?: readonly Kind[];
}

await runCommand<Options>({
  name: 'npm run parity --',
  summary: 'Compares every golden number of a folder with what Detrain computes, each within its tolerance.',
  define(command) {
    command
      .argument('[GOLDEN_DIR]', 'a folder with tiny*/, r50/, ops/ or map/')
      .option('--only <kinds>', `some of ${KINDS.join(', ')}, joined by commas`, someOf('--only', KINDS));
  },
  run: (options, args, context) => parity(options, args, context),
});

async function parity({ only }: Options, [folder]: readonly string[], context: CommandContext): Promise<unknown> {
  if (folder === undefined) refuseUsage('Found no folder; expected one with golden numbers (GOLDEN_DIR).');
  const groups = await findGroups(folder, only);
  const session = groups.some(({ needsGpu }) => needsGpu) ? await openGpu(context) : null;
  const results: GroupResult[] = [];
  for (const group of groups) {
    const report = (check: Parameters<typeof checkLine>[1]) => context.print(checkLine(group.name, check));
    results.push(await runGroup(group, group.needsGpu ? session : null, report, context.signal));
  }
  const checks = results.flatMap(({ name, checks }) => checks.map((check) => ({ group: name, ...check })));
  const failed = checks.filter(({ passed }) => !passed);
  context.print('');
  for (const line of summaryLines(results)) context.print(line);
  context.print('');
  context.print(`${checks.length - failed.length} passed, ${failed.length} failed`);
  for (const check of failed) context.print(checkLine(check.group, check));
  if (failed.length > 0) context.markFailed();
  return {
    passed: failed.length === 0,
    adapter: session?.adapter ?? null,
    groups: results.map(({ name, checks, elapsedMs }) => ({
      name,
      checks: checks.length,
      failed: checks.filter(({ passed }) => !passed).length,
      worst: worstCheck(checks),
      elapsedMs: Math.round(elapsedMs),
    })),
    checks,
  };
}
