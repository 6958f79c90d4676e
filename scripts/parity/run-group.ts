import { toStudioError } from '../../src/base/errors.ts';
import { type GpuSession, tf } from '../../src/tf/index.ts';
import type { Check } from './check.ts';
import type { Group } from './groups.ts';
import type { GroupResult } from './report.ts';

/**
 * Runs a group to its end, telling each check as it comes. What stops it (a missing file, a refused model, a command that
 * the GPU refused) becomes a check that failed, so that the other groups still run. Throws `gpu-lost` and `cancelled`.
 */
export async function runGroup(
  group: Group,
  session: GpuSession | null,
  onCheck: (check: Check) => void,
  signal?: AbortSignal,
): Promise<GroupResult> {
  const startMs = performance.now();
  const checks: Check[] = [];
  const take = (check: Check) => {
    checks.push(check);
    onCheck(check);
  };
  if (session) tf.engine().startScope();
  try {
    for await (const check of group.checks()) {
      signal?.throwIfAborted();
      take(check);
      session?.throwIfFailed();
    }
    session?.throwIfFailed();
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (error.code === 'gpu-lost' || error.code === 'cancelled') throw error;
    take({
      name: `stopped: ${error.message}`,
      maxAbs: null,
      maxRel: null,
      tolerance: 'exact',
      ratio: null,
      passed: false,
    });
  } finally {
    if (session) tf.engine().endScope();
  }
  return { name: group.name, checks, elapsedMs: performance.now() - startMs };
}
