import { memo, type ReactNode, useMemo } from 'react';
import type { LabelBox } from '../../state/labelling/labels.ts';
import { openProposals, proposalKey } from '../../state/labelling/proposals.ts';
import { DrawnBox } from '../overlay/DrawnBox.tsx';
import { useBoxColour, useLabelling, useStage } from './label-context.ts';

/** The boxes that are not selected, and the proposals. While one is dragged, nothing of this is drawn anew. */
export function BoxLayer(): ReactNode {
  const boxes = useLabelling((state) => state.labels.boxes);
  const selection = useLabelling((state) => state.selection);
  const colourOf = useBoxColour();
  const hovered = useStage((state) => state.hovered);
  const selected = useMemo(() => new Set(selection), [selection]);
  return (
    <>
      {boxes.map((box) =>
        selected.has(box.key) ? null : (
          <Still key={box.key} box={box} colour={colourOf(box.className)} hovered={box.key === hovered} />
        ),
      )}
      <Proposed selected={selected} hovered={hovered} />
    </>
  );
}

interface StillProps {
  readonly box: LabelBox;
  readonly colour: string;
  readonly hovered: boolean;
}

const Still = memo(function Still({ box, colour, hovered }: StillProps): ReactNode {
  return <DrawnBox boxes={[box.boxXyxyPx]} colour={colour} look="found" strong={hovered} />;
});

interface ProposedProps {
  readonly selected: ReadonlySet<number>;
  readonly hovered: number | null;
}

function Proposed({ selected, hovered }: ProposedProps): ReactNode {
  const proposals = useLabelling((state) => state.proposals);
  const decided = useLabelling((state) => state.decided);
  const colourOf = useBoxColour();
  const open = useMemo(() => openProposals(proposals, decided), [proposals, decided]);
  return open.map((box) => {
    const key = proposalKey(box);
    if (selected.has(key)) return null;
    const colour = colourOf(box.className);
    return <DrawnBox key={key} boxes={[box.boxXyxyPx]} colour={colour} look="proposed" strong={key === hovered} />;
  });
}
