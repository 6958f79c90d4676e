import type { ProposalRecord, RunSummary, Sample, WeightsSource } from '../../rpc/protocol.ts';
import type { ProposedBox, Verdict } from '../labelling/proposals.ts';
import { weightsKey } from '../weights-choices.ts';

/** What is known of a picture's proposals. */
export interface JudgedPicture {
  /** As it is labelled now. */
  readonly sample: Sample;
  /** Boxes that are shown. */
  readonly proposed: readonly ProposedBox[];
  readonly verdicts: ReadonlyMap<ProposedBox, Verdict>;
}

/** How it stands with a picture's proposals. */
export type PictureCounts = Pick<ProposalRecord, 'proposed' | 'accepted' | 'changed' | 'refused' | 'drawn'>;

/** What became of a picture's proposals by now; all 0 where nothing is decided: a look alone decides nothing. */
export function countsOf({ sample, proposed, verdicts }: JudgedPicture): PictureCounts {
  const count = (verdict: Verdict): number => [...verdicts.values()].filter((one) => one === verdict).length;
  const [accepted, changed, refused] = [count('accepted'), count('changed'), count('refused')];
  const isDecided = sample.labelled || verdicts.size > 0;
  return {
    proposed: isDecided ? new Set([...proposed, ...verdicts.keys()]).size : 0,
    accepted,
    changed,
    refused,
    drawn: Math.max(sample.objects.length - accepted - changed, 0),
  };
}

/** Whether nothing was proposed, decided or drawn. */
export function isNothing({ proposed, drawn }: PictureCounts): boolean {
  return proposed + drawn === 0;
}

/** With a record in the place of that of the same picture and weights. */
export function withRecord(records: readonly ProposalRecord[], record: ProposalRecord): readonly ProposalRecord[] {
  return [...records.filter((other) => !isOfSame(other, record)), record];
}

/** Whether both are of the same picture and weights. */
export function isOfSame(
  a: Pick<ProposalRecord, 'weights' | 'sampleId'>,
  b: Pick<ProposalRecord, 'weights' | 'sampleId'>,
): boolean {
  return a.weights === b.weights && a.sampleId === b.sampleId;
}

/** Names weights for good: those of a run that goes on are others after each checkpoint. */
export function versionedKey(source: WeightsSource, runs: readonly RunSummary[] | null): string {
  const run = source.kind === 'run' ? runs?.find(({ id }) => id === source.runId) : undefined;
  const step = source.kind === 'run' && source.checkpoint === 'best' ? run?.best?.step : run?.checkpointStep;
  return step == null ? weightsKey(source) : `${weightsKey(source)} ${step}`;
}
