import { expect, test } from 'vitest';
import { addCounts, countsText, playwrightCounts, settleCounts, vitestCounts } from './counts.ts';

test('the last line', () => {
  expect(countsText({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(countsText({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  const sum = addCounts({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
  expect(sum).toEqual({ passed: 11, failed: 22, skipped: 33 });
});

test("reads Vitest's and Playwright's reports", () => {
  const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, success: false };
  expect(vitestCounts(vitest)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  const playwright = { stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } };
  expect(playwrightCounts(playwright)).toEqual({ passed: 4, failed: 2, skipped: 2 });
  for (const broken of [null, {}, 'x', { stats: null }]) {
    expect(vitestCounts(broken)).toBeNull();
    expect(playwrightCounts(broken)).toBeNull();
  }
});

test.each([
  ['all passed', { passed: 5, failed: 0, skipped: 1 }, 0, 0],
  ['a test failed', { passed: 5, failed: 2, skipped: 0 }, 1, 2],
  ['a file did not load', { passed: 5, failed: 0, skipped: 0 }, 1, 1],
  ['nothing ran', { passed: 0, failed: 0, skipped: 7 }, 0, 1],
  ['it crashed before its report', null, null, 1],
])('%s', (_, reported, exitCode, failed) => {
  expect(settleCounts(reported, exitCode).failed).toBe(failed);
});
