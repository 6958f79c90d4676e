import type { RunSummary } from '../rpc/protocol.ts';
import type { Memory } from './losses.ts';

const KEY = 'detrain:left-as-they-are';
const MOST_KEPT = 100;

/** The runs that ended early and can go on from a checkpoint, newest first, but for this page's own and those left as they are. */
export function resumableRuns(
  runs: readonly RunSummary[],
  ownId: string | null,
  leftAsTheyAre: readonly string[],
): readonly RunSummary[] {
  return runs.filter(
    ({ id, status, checkpointStep, settings }) =>
      (status === 'interrupted' || status === 'failed') &&
      checkpointStep !== null &&
      checkpointStep < settings.steps &&
      id !== ownId &&
      !leftAsTheyAre.includes(id),
  );
}

/** Where such a run stands, in a sentence: why it stopped, at which step, and which one is saved. */
export function resumableSentence({ name, status, stepsDone, checkpointStep, settings }: RunSummary): string {
  const why = status === 'interrupted' ? 'when the tab was closed' : 'because something failed';
  const saved = checkpointStep === 0 ? 'its start is saved' : `step ${checkpointStep ?? 0} is saved`;
  return `“${name}” stopped at step ${stepsDone} of ${settings.steps} ${why}; ${saved}.`;
}

/** The ids of the runs that a person wanted left as they are. */
export function idsLeftAsTheyAre(memory: Memory | null): readonly string[] {
  try {
    const kept: unknown = JSON.parse(memory?.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string') : [];
  } catch {
    // Nothing readable is the same as nothing chosen: the runs are offered again.
    return [];
  }
}

/** Keeps them for the next visit, the newest hundred. */
export function rememberLeft(memory: Memory | null, ids: readonly string[]): void {
  try {
    memory?.setItem(KEY, JSON.stringify(ids.slice(-MOST_KEPT)));
  } catch {
    // A full or blocked storage costs one more offer at the next visit, and nothing else.
  }
}
