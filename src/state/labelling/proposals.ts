import type { BoxXyxy } from '../../base/boxes.ts';
import { freshKey } from './labels.ts';

/** A box that weights propose for a picture. What was decided about one is known by the object: it has to stay the same one. */
export interface ProposedBox {
  readonly className: string;
  /** 0..1. */
  readonly score: number;
  /** Pixels of the picture as displayed. */
  readonly boxXyxyPx: BoxXyxy;
}

/** What is proposed for the picture that is shown, and who hears what became of it. */
export interface Proposals {
  readonly boxes: readonly ProposedBox[];
  /** What Shift+Enter accepts has at least this score, and what has less is not shown. */
  readonly confidence: number;
  readonly onAccepted?: (sampleId: string, box: ProposedBox) => void;
  /** It was moved, resized or given another class, and so counts as the user's. */
  readonly onChanged?: (sampleId: string, box: ProposedBox) => void;
  readonly onRefused?: (sampleId: string, box: ProposedBox) => void;
  /** What was decided about it was undone: it stands open again. */
  readonly onReopened?: (sampleId: string, box: ProposedBox) => void;
}

/** What became of a proposed box. */
export type Verdict = 'accepted' | 'changed' | 'refused';

export const NO_PROPOSALS: Proposals = { boxes: [], confidence: 0 };

/** Those that are shown: at or above the confidence, and not decided about. The best first. */
export function openProposals({ boxes, confidence }: Proposals, decided: ReadonlySet<ProposedBox>): ProposedBox[] {
  return boxes.filter((box) => box.score >= confidence && !decided.has(box)).sort((a, b) => b.score - a.score);
}

const keys = new WeakMap<ProposedBox, number>();

/** The key of a proposed box; none of a picture's boxes has it. */
export function proposalKey(box: ProposedBox): number {
  const key = keys.get(box) ?? freshKey();
  keys.set(box, key);
  return key;
}
