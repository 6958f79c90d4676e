import { appendTo } from '../../base/append-to.ts';
import type { ProposalRecord } from '../../rpc/protocol.ts';
import { isNothing } from './proposal-records.ts';

/** What became of the proposals of one set of weights. */
export interface ProposalTally {
  readonly weights: string;
  readonly name: string;
  readonly pictures: number;
  readonly accepted: number;
  readonly changed: number;
  readonly refused: number;
  readonly drawn: number;
  /** Proposed boxes that nobody decided about. */
  readonly left: number;
  /** The share of all boxes that needed no hand, 0..1; null where there were none. */
  readonly right: number | null;
}

/** By weights, those that proposed first come first. */
export function proposalTallies(records: readonly ProposalRecord[]): ProposalTally[] {
  const byWeights = new Map<string, ProposalRecord[]>();
  // What was decided and undone counts for nothing.
  const counted = records.filter((record) => !isNothing(record));
  for (const record of counted.toSorted((a, b) => a.atMs - b.atMs)) appendTo(byWeights, record.weights, record);
  return [...byWeights].map(([weights, of]) => {
    const sum = (part: 'proposed' | 'accepted' | 'changed' | 'refused' | 'drawn'): number =>
      of.reduce((total, record) => total + record[part], 0);
    const [accepted, changed, refused, drawn] = [sum('accepted'), sum('changed'), sum('refused'), sum('drawn')];
    const left = Math.max(sum('proposed') - accepted - changed - refused, 0);
    const all = accepted + changed + refused + drawn + left;
    const right = all === 0 ? null : accepted / all;
    const name = of.at(-1)?.weightsName ?? weights;
    return { weights, name, pictures: of.length, accepted, changed, refused, drawn, left, right };
  });
}
