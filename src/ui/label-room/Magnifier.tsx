import { type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';
import { movingPoint } from '../../state/labelling/drag.ts';
import { shownSample } from '../../state/labelling/state.ts';
import { useLabelling, useStage } from './label-context.ts';

const SIDE_PX = 116;
/** Away from the pointer, so that a finger does not cover it. */
const AWAY_PX = 84;
/** CSS pixels of the glass for one of the stage. */
const ENLARGED = 3;

export interface MagnifierProps {
  readonly image: RefObject<HTMLImageElement | null>;
}

/** What lies around the corner that is dragged, enlarged: above it, or below it at the top of the stage. */
export function Magnifier({ image }: MagnifierProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useStage((state) => state.drag);
  const view = useStage((state) => state.view);
  const room = useStage((state) => state.room);
  const sample = useLabelling(shownSample);
  const isShown = drag !== null && drag.kind !== 'move' && sample !== undefined;
  const point = isShown ? movingPoint(drag, sample.size) : { x: 0, y: 0 };
  const scale = Math.max(view.scale * ENLARGED, 2);

  useLayoutEffect(() => {
    const context = isShown ? canvas.current?.getContext('2d') : null;
    if (context == null || image.current === null) return;
    const side = context.canvas.width;
    const shown = side / (scale * (side / SIDE_PX));
    context.imageSmoothingEnabled = scale < 6;
    context.fillStyle = '#808080';
    context.fillRect(0, 0, side, side);
    context.drawImage(image.current, point.x - shown / 2, point.y - shown / 2, shown, shown, 0, 0, side, side);
    context.lineWidth = 1;
    for (const [colour, at] of [
      ['#000', side / 2 + 0.5],
      ['#fff', side / 2 - 0.5],
    ] as const) {
      context.strokeStyle = colour;
      context.beginPath();
      context.moveTo(at, 0);
      context.lineTo(at, side);
      context.moveTo(0, at);
      context.lineTo(side, at);
      context.stroke();
    }
  }, [isShown, point.x, point.y, scale, image]);

  if (!isShown) return null;
  const at = { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y };
  const above = at.y - AWAY_PX - SIDE_PX / 2;
  const top = above >= 4 ? above : at.y + AWAY_PX - SIDE_PX / 2;
  const left = Math.min(Math.max(at.x - SIDE_PX / 2, 4), room.w - SIDE_PX - 4);
  return (
    <div
      className="label-magnifier"
      style={{ width: SIDE_PX, height: SIDE_PX, transform: `translate(${left}px, ${top}px)` }}
      aria-hidden="true"
    >
      <canvas ref={canvas} width={SIDE_PX * 2} height={SIDE_PX * 2} />
    </div>
  );
}
