import type { RunSummary } from '../rpc/protocol.ts';
import { type Memory, recalled, remember } from './page-memory.ts';
import { canContinue } from './runs.ts';

const KEY = 'detrain:left-as-they-are';
const MOST_KEPT = 100;

/** The runs that ended early and can go on from a checkpoint, newest first, but for this page's own and those left as they are. */
export function resumableRuns(
  runs: readonly RunSummary[],
  ownId: string | null,
  leftAsTheyAre: readonly string[],
): readonly RunSummary[] {
  return runs.filter(
    (run) => run.status !== 'stopped' && canContinue(run) && run.id !== ownId && !leftAsTheyAre.includes(run.id),
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
  const kept = recalled(memory, KEY);
  return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string') : [];
}

/** Keeps them for the next visit, the newest hundred. */
export function rememberLeft(memory: Memory | null, ids: readonly string[]): void {
  remember(memory, KEY, ids.slice(-MOST_KEPT));
}
