import type { Check } from './check.ts';
import { figure } from './figure.ts';

/** What became of one group of checks. */
export interface GroupResult {
  readonly name: string;
  readonly checks: readonly Check[];
  readonly elapsedMs: number;
}

/** A check as a line: verdict, name, errors, and what is allowed. */
export function checkLine(group: string, { name, maxAbs, maxRel, tolerance, passed }: Check): string {
  const errors = [maxAbs === null ? '' : `abs ${figure(maxAbs)}`, maxRel === null ? '' : `rel ${figure(maxRel)}`];
  const cells = [passed ? 'ok  ' : 'FAIL', `${group}/${name}`.padEnd(72), ...errors.map((text) => text.padEnd(14))];
  return `${cells.join('  ')}  (${tolerance === 'exact' ? 'exact' : `allowed: ${tolerance}`})`;
}

/** A table of the groups: how many checks, how many failed, and how near the worst came to its tolerance. */
export function summaryLines(results: readonly GroupResult[]): readonly string[] {
  const width = Math.max(5, ...results.map(({ name }) => name.length));
  const row = (name: string, checks: string, failed: string, seconds: string, worst: string) =>
    `${name.padEnd(width)}  ${checks.padStart(7)}  ${failed.padStart(7)}  ${seconds.padStart(9)}  ${worst}`;
  return [
    row('group', 'checks', 'failed', 'seconds', 'nearest to its tolerance'),
    ...results.map(({ name, checks, elapsedMs }) => {
      const failed = checks.filter(({ passed }) => !passed).length;
      return row(name, String(checks.length), String(failed), (elapsedMs / 1000).toFixed(1), worstText(checks));
    }),
  ];
}

/** The check whose error is the largest share of what is allowed; null where all comparisons are exact. */
export function worstCheck(checks: readonly Check[]): (Check & { readonly ratio: number }) | null {
  let worst: (Check & { readonly ratio: number }) | null = null;
  for (const check of checks) {
    if (check.ratio !== null && (worst === null || check.ratio > worst.ratio)) worst = { ...check, ratio: check.ratio };
  }
  return worst;
}

function worstText(checks: readonly Check[]): string {
  const worst = worstCheck(checks);
  return worst === null ? '-' : `${figure(worst.ratio)} of it: ${worst.name}`;
}
