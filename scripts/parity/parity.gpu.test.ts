import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeWithFixture } from '../../src/base/test-fixtures.ts';
import { sharedGpu } from '../../src/tf/test-gpu.ts';
import { compare, compareExact } from './check.ts';
import { findGroups, type Group } from './groups.ts';
import { checkLine, summaryLines, worstCheck } from './report.ts';
import { runGroup } from './run-group.ts';

/** `r50` is left out: it takes minutes on a driver in software. `npm run parity` has it. */
const TESTED = ['tiny', 'ops', 'map'] as const;

/** The tiny model compiles some hundred shaders, which takes SwiftShader minutes where the processor is busy. */
const TIMEOUT_MS = 900_000;

describeWithFixture('golden', 'golden numbers (all but r50, which npm run parity has)', (folder) => {
  const session = sharedGpu();

  test.each(TESTED)(
    '%s: every quantity is within its tolerance',
    async (kind) => {
      for (const group of await findGroups(folder, [kind])) {
        const { checks } = await runGroup(group, session(), () => undefined);
        expect(checks.length, group.name).toBeGreaterThan(100);
        const failed = checks.filter(({ passed }) => !passed).map((check) => checkLine(group.name, check));
        expect(failed).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );
});

describe('checks', () => {
  const within = { abs: 0.5 };

  test('a check fails past its tolerance, for a NaN, and for another length', () => {
    expect(compare('x', [1, 2.5], [1, 2], within)).toMatchObject({ passed: true, maxAbs: 0.5, maxRel: 0.25, ratio: 1 });
    expect(compare('x', [1, 2.6], [1, 2], within).passed).toBe(false);
    expect(compare('x', [1, Number.NaN], [1, 2], within).passed).toBe(false);
    expect(compare('x', [Number.NaN, 2], [1, 2], within).passed).toBe(false);
    expect(compare('x', [1], [1, 2], within).passed).toBe(false);
    expect(compare('x', [1, 2, 3], [1, 2], within).passed).toBe(false);
    expect(compare('x', [0.1], [0], { rel: 0.5 }).passed).toBe(false);
    expect(compare('x', [0], [0], { rel: 0.5 })).toMatchObject({ passed: true, ratio: 0 });
    expect(compareExact('x', [[0, 1]], [[1, 0]]).passed).toBe(false);
  });

  test('what stops a group is a check that failed, after those that ran', async () => {
    const group: Group = {
      name: 'half',
      needsGpu: false,
      async *checks() {
        yield compare('first', [1.1], [1], within);
        throw new TypeError('no such tensor');
      },
    };
    const result = await runGroup(group, null, () => undefined);
    expect(result.checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['first', true],
      ['stopped: no such tensor', false],
    ]);
    expect(worstCheck(result.checks)?.name).toBe('first');
    expect(summaryLines([result])[1]).toMatch(/^half\s+2\s+1\s/);
  });

  test('a folder without golden numbers is refused', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'golden-'));
    await expect(findGroups(empty)).rejects.toThrow('has none of the folders map/, ops/, tiny*/, r50/');
    await rm(empty, { recursive: true });
    await expect(findGroups(empty)).rejects.toThrow('is not a folder that can be read');
  });
});
