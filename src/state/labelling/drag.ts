import type { BoxXyxy, Size } from '../../base/boxes.ts';
import {
  boxBetween,
  contains,
  type Handle,
  handleAt,
  insidePicture,
  moveBoxes,
  type Point,
  resizeBox,
} from './geometry.ts';
import type { Selection } from './selection.ts';

/** A box that a press can take hold of. */
export interface Held {
  readonly key: number;
  readonly boxXyxyPx: BoxXyxy;
}

/** What a press that is dragged does. Points are in pixels of the picture. */
export type Drag =
  | { readonly kind: 'draw'; readonly from: Point; readonly to: Point }
  | { readonly kind: 'move'; readonly held: readonly Held[]; readonly from: Point; readonly to: Point }
  | { readonly kind: 'resize'; readonly held: Held; readonly handle: Handle; readonly from: Point; readonly to: Point };

export interface Press {
  readonly point: Point;
  /** So near to a handle counts as on it, in pixels of the picture. */
  readonly reach: number;
  readonly boxes: readonly Held[];
  readonly selection: Selection;
  /** Draws wherever it is, as after the key for a new box. */
  readonly mustDraw: boolean;
}

/**
 * What a press begins: on a handle of the one selected box it resizes that, inside a selected box it moves what is selected,
 * anywhere else, in a box that is not selected too, it draws.
 */
export function dragFrom({ point, reach, boxes, selection, mustDraw }: Press): Drag {
  const ends = { from: point, to: point };
  const selected = boxes.filter(({ key }) => selection.includes(key));
  if (!mustDraw) {
    const [only, another] = selected;
    if (only !== undefined && another === undefined) {
      const handle = handleAt(only.boxXyxyPx, point, reach);
      if (handle !== null) return { kind: 'resize', held: only, handle, ...ends };
    }
    if (selected.some(({ boxXyxyPx }) => contains(boxXyxyPx, point))) return { kind: 'move', held: selected, ...ends };
  }
  return { kind: 'draw', ...ends };
}

/** The box that a drag draws, on whole pixels inside the picture; null for one that draws none. */
export function drawnBy(drag: Drag, size: Size): BoxXyxy | null {
  return drag.kind === 'draw' ? boxBetween(drag.from, drag.to, size) : null;
}

/** Where a drag takes the boxes that it holds, by key. */
export function placesAfter(drag: Drag, size: Size): ReadonlyMap<number, BoxXyxy> {
  const by = { x: drag.to.x - drag.from.x, y: drag.to.y - drag.from.y };
  if (drag.kind === 'resize') {
    return new Map([[drag.held.key, resizeBox(drag.held.boxXyxyPx, drag.handle, by, size)]]);
  }
  if (drag.kind === 'draw') return new Map();
  const moved = moveBoxes(
    drag.held.map(({ boxXyxyPx }) => boxXyxyPx),
    by,
    size,
  );
  return new Map(drag.held.flatMap(({ key }, at) => (moved[at] === undefined ? [] : [[key, moved[at]] as const])));
}

/** The point that a drag moves, for the magnifier: a corner, a side's middle, or the pointer inside the picture. */
export function movingPoint(drag: Drag, size: Size): Point {
  const { x, y } = insidePicture(drag.to, size);
  if (drag.kind !== 'resize') return { x: Math.round(x), y: Math.round(y) };
  const box = placesAfter(drag, size).get(drag.held.key) ?? drag.held.boxXyxyPx;
  const nearest = (ends: readonly [number, number], at: number): number =>
    Math.abs(ends[0] - at) < Math.abs(ends[1] - at) ? ends[0] : ends[1];
  return {
    x: /[we]/.test(drag.handle) ? nearest([box[0], box[2]], x) : (box[0] + box[2]) / 2,
    y: /[ns]/.test(drag.handle) ? nearest([box[1], box[3]], y) : (box[1] + box[3]) / 2,
  };
}
