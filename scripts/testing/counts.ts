/** How the tests of one suite ended. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Such as `12 passed, 1 failed, 2 skipped`; skipped ones are left out where there are none. */
export function countsText({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * What a finished suite counts for: its report's counts, and one failure more where the program ended badly without
 * any failed test (a file that does not load, an error outside the tests, no test at all, a crash).
 */
export function settleCounts(reported: Counts | null, exitCode: number | null): Counts {
  const counts = reported ?? NOTHING;
  const ran = counts.passed + counts.failed;
  if (counts.failed > 0 || (exitCode === 0 && ran > 0)) return counts;
  return { ...counts, failed: 1 };
}

/** Reads the counts of Vitest's JSON report; null where it is not one. */
export function vitestCounts(report: unknown): Counts | null {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = fields(report);
  if (typeof numPassedTests !== 'number' || typeof numFailedTests !== 'number') return null;
  return { passed: numPassedTests, failed: numFailedTests, skipped: count(numPendingTests) + count(numTodoTests) };
}

/** Reads the counts of Playwright's JSON report; one that passed at the second try counts as failed. Null where it is not one. */
export function playwrightCounts(report: unknown): Counts | null {
  const { expected, unexpected, flaky, skipped } = fields(fields(report).stats);
  if (typeof expected !== 'number') return null;
  return { passed: expected, failed: count(unexpected) + count(flaky), skipped: count(skipped) };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
