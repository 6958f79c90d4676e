import { type ReactNode, useMemo } from 'react';
import { labelText } from '../../base/box-strokes.ts';
import type { BoxXyxy } from '../../base/boxes.ts';
import { drawnBy, placesAfter } from '../../state/labelling/drag.ts';
import { boxBetween } from '../../state/labelling/geometry.ts';
import { openProposals, proposalKey } from '../../state/labelling/proposals.ts';
import { shownSample } from '../../state/labelling/state.ts';
import { LabelPlate, layOut, plateSize } from '../overlay/LabelPlate.tsx';
import { useBoxColour, useLabelling, useStage } from './label-context.ts';

const FONT_PX = 12;
/** Where there are more, only the selected and the hovered box are named: the others would hide the picture. */
const MOST_NAMED = 60;
const MOST_LETTERS = 40;
const NONE: readonly number[] = [];

/** The names of the boxes. They are laid out anew when boxes or scale change, and not while one is dragged. */
export function LabelLayer(): ReactNode {
  const sample = useLabelling(shownSample);
  const boxes = useLabelling((state) => state.labels.boxes);
  const selection = useLabelling((state) => state.selection);
  const proposals = useLabelling((state) => state.proposals);
  const decided = useLabelling((state) => state.decided);
  const colourOf = useBoxColour();
  const scale = useStage((state) => state.view.scale);
  const hovered = useStage((state) => state.hovered);
  const isDragging = useStage((state) => state.drag !== null && state.drag.kind !== 'draw');

  const named = useMemo(() => {
    const proposed = openProposals(proposals, decided).map((box) => ({
      key: proposalKey(box),
      className: box.className,
      boxXyxyPx: box.boxXyxyPx,
      text: labelText({ label: box.className, score: box.score }),
    }));
    const own = boxes.map((box) => ({ ...box, text: shortName(box.className) }));
    return [...own, ...proposed];
  }, [boxes, proposals, decided]);
  const isCrowd = named.length > MOST_NAMED;
  // Of few boxes all are named, whatever is hovered.
  const lit = isCrowd ? hovered : null;
  const chosen = isCrowd ? selection : NONE;
  const shown = useMemo(() => {
    if (sample === undefined) return [];
    const wanted = isCrowd ? named.filter(({ key }) => key === lit || chosen.includes(key)) : named;
    return layOut(wanted.slice(0, MOST_NAMED), scale, { h: sample.size.h * scale, w: sample.size.w * scale }, FONT_PX);
  }, [named, isCrowd, scale, sample, lit, chosen]);
  if (sample === undefined) return null;

  return (
    <svg className="label-names" viewBox={`0 0 ${sample.size.w * scale} ${sample.size.h * scale}`} aria-hidden="true">
      {shown.map(
        ({ box, label }) =>
          label !== null && (
            <LabelPlate
              key={box.key}
              {...label}
              text={box.text}
              colour={colourOf(box.className)}
              fontPx={FONT_PX}
              hidden={isDragging && selection.includes(box.key)}
            />
          ),
      )}
      <DraggedSize scale={scale} />
    </svg>
  );
}

function shortName(name: string): string {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS)}...` : name;
}

/** How large the box is that is drawn or resized. */
function DraggedSize({ scale }: { readonly scale: number }): ReactNode {
  const sample = useLabelling(shownSample);
  const chosen = useLabelling((state) => state.chosenClass);
  const colourOf = useBoxColour();
  const drag = useStage((state) => state.drag);
  const corner = useStage((state) => state.corner);
  const cursor = useStage((state) => state.cursor);
  if (sample === undefined) return null;
  let box: BoxXyxy | null | undefined = null;
  if (drag?.kind === 'draw') box = drawnBy(drag, sample.size);
  else if (drag?.kind === 'resize') box = placesAfter(drag, sample.size).get(drag.held.key);
  else if (corner !== null && cursor !== null) box = boxBetween(corner, cursor, sample.size);
  if (box === null || box === undefined) return null;
  const text = `${Math.round(box[2] - box[0])} × ${Math.round(box[3] - box[1])}`;
  const size = plateSize(text, FONT_PX);
  const x = Math.min(box[0] * scale, sample.size.w * scale - size.w);
  const below = box[3] * scale + 3;
  const y = below + size.h <= sample.size.h * scale ? below : box[3] * scale - size.h - 3;
  return (
    <LabelPlate text={text} colour={colourOf(chosen ?? '')} fontPx={FONT_PX} x={Math.max(x, 0)} y={y} size={size} />
  );
}
