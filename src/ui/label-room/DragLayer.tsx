import { type ReactNode, useMemo } from 'react';
import type { BoxXyxy } from '../../base/boxes.ts';
import { drawnBy, placesAfter } from '../../state/labelling/drag.ts';
import { boxBetween, HANDLES, handlePoint } from '../../state/labelling/geometry.ts';
import { openProposals, proposalKey } from '../../state/labelling/proposals.ts';
import { shownSample } from '../../state/labelling/state.ts';
import { DrawnBox } from '../overlay/DrawnBox.tsx';
import { useBoxColour, useLabelling, useStage } from './label-context.ts';

const HANDLE_PX = 8;
const NONE: ReadonlyMap<number, BoxXyxy> = new Map();

/** What is selected, where a drag takes it; its handles; and the box that is being drawn. */
export function DragLayer(): ReactNode {
  const selected = useSelected();
  const sample = useLabelling(shownSample);
  const drag = useStage((state) => state.drag);
  const scale = useStage((state) => state.view.scale);
  const mayEdit = useLabelling((state) => state.access === 'editing');
  if (sample === undefined) return null;
  const places = drag === null ? NONE : placesAfter(drag, sample.size);
  const only = selected.length === 1 ? selected[0] : undefined;
  return (
    <>
      {selected.map(({ key, colour, look, boxXyxyPx }) => (
        <DrawnBox key={key} boxes={[places.get(key) ?? boxXyxyPx]} colour={colour} look={look} strong />
      ))}
      {only !== undefined && mayEdit && drag?.kind !== 'draw' && (
        <Handles box={places.get(only.key) ?? only.boxXyxyPx} scale={scale} />
      )}
      <Draft />
    </>
  );
}

/** The box that is being drawn: by a drag, or between a corner and the cursor. */
function Draft(): ReactNode {
  const sample = useLabelling(shownSample);
  const chosen = useLabelling((state) => state.chosenClass);
  const classless = useLabelling((state) => state.classless);
  const colourOf = useBoxColour();
  const drag = useStage((state) => state.drag);
  const corner = useStage((state) => state.corner);
  const cursor = useStage((state) => state.cursor);
  if (sample === undefined) return null;
  const dragged = drag === null ? null : drawnBy(drag, sample.size);
  const byCorners = corner !== null && cursor !== null ? boxBetween(corner, cursor, sample.size) : null;
  const box = dragged ?? byCorners ?? classless;
  if (box === null) return null;
  return <DrawnBox boxes={[box]} colour={colourOf(chosen ?? '')} look="found" strong />;
}

function Handles({ box, scale }: { readonly box: BoxXyxy; readonly scale: number }): ReactNode {
  const side = HANDLE_PX / scale;
  const small = (box[2] - box[0]) * scale < 3 * HANDLE_PX || (box[3] - box[1]) * scale < 3 * HANDLE_PX;
  return HANDLES.map((handle) => {
    // On a small box the corners are enough, and leave room to see what is in it.
    if (small && handle.length === 1) return null;
    const { x, y } = handlePoint(box, handle);
    return (
      <rect
        key={handle}
        className="label-handle"
        x={x - side / 2}
        y={y - side / 2}
        width={side}
        height={side}
        vectorEffect="non-scaling-stroke"
      />
    );
  });
}

interface Selected {
  readonly key: number;
  readonly colour: string;
  readonly look: 'found' | 'proposed';
  readonly boxXyxyPx: BoxXyxy;
}

function useSelected(): readonly Selected[] {
  const boxes = useLabelling((state) => state.labels.boxes);
  const selection = useLabelling((state) => state.selection);
  const proposals = useLabelling((state) => state.proposals);
  const decided = useLabelling((state) => state.decided);
  const colourOf = useBoxColour();
  return useMemo(() => {
    const wanted = new Set(selection);
    const found = boxes
      .filter(({ key }) => wanted.has(key))
      .map(({ key, className, boxXyxyPx }) => ({
        key,
        colour: colourOf(className),
        look: 'found' as const,
        boxXyxyPx,
      }));
    const proposed = openProposals(proposals, decided)
      .filter((box) => wanted.has(proposalKey(box)))
      .map((box) => ({
        key: proposalKey(box),
        colour: colourOf(box.className),
        look: 'proposed' as const,
        boxXyxyPx: box.boxXyxyPx,
      }));
    return [...found, ...proposed];
  }, [boxes, selection, proposals, decided, colourOf]);
}
