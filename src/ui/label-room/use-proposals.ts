import { useMemo } from 'react';
import type { Proposals, ProposedBox } from '../../state/labelling/proposals.ts';
import { notDrawnYet } from '../../state/suggesting/proposed-boxes.ts';
import { useStudio, useSuggestions } from '../studio.ts';
import { useLabelling } from './label-context.ts';

const NONE: readonly ProposedBox[] = [];

/** What is proposed for a picture, without what is drawn on it already; what is decided about it is taken down. */
export function useProposals(sampleId: string | null): Proposals {
  const { suggestions } = useStudio();
  const proposed = useSuggestions((state) => (sampleId === null ? NONE : (state.boxes.get(sampleId) ?? NONE)));
  const confidence = useSuggestions((state) => state.confidence);
  const drawn = useLabelling((state) => state.labels.boxes);
  const boxes = useMemo(() => notDrawnYet(proposed, drawn), [proposed, drawn]);
  return useMemo(() => {
    const { decided } = suggestions.getState();
    return {
      boxes,
      confidence,
      onAccepted: (id, box) => decided(id, box, 'accepted'),
      onChanged: (id, box) => decided(id, box, 'changed'),
      onRefused: (id, box) => decided(id, box, 'refused'),
      onReopened: (id, box) => decided(id, box, null),
    };
  }, [suggestions, boxes, confidence]);
}
