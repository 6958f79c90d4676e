import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { type Drag, dragFrom, drawnBy, type Held, placesAfter } from './drag.ts';
import { boxBetween, insidePicture, moveBoxes, type Point, resizeBox, under } from './geometry.ts';
import { openProposals, proposalKey } from './proposals.ts';
import { clicked, cycled, nextUnder } from './selection.ts';
import { type LabellingState, shownSample } from './state.ts';
import { fitView, heldView, pannedBy, toPicture, type View, viewOn, viewShowing, zoomedAt } from './view.ts';

/** How a place of the stage was pressed. */
export interface PressKind {
  /** So near, in CSS pixels, counts as on a handle: a finger needs more than a mouse. */
  readonly reachPx: number;
  /** So far a press may slip, in CSS pixels, and still be a click. */
  readonly slipPx: number;
  readonly add: boolean;
}

export interface StageState {
  /** Of the stage, in CSS pixels. */
  readonly room: Size;
  readonly view: View;
  /** Null where nothing is pressed, or it is not known yet whether it is a click. */
  readonly drag: Drag | null;
  /** A new box is to be drawn, wherever it begins. */
  readonly drawing: boolean;
  /** The first corner of a box that is drawn by its corners. */
  readonly corner: Point | null;
  /** Where the next corner would be set, by the keyboard or under the pointer. */
  readonly cursor: Point | null;
  readonly hovered: number | null;
  readonly hidden: boolean;
  /** Each press takes a box in or out, as with Shift: for a finger or a pen. */
  readonly several: boolean;

  setRoom(room: Size): void;
  /** Another picture is shown: all of it, and nothing is pressed. */
  showPicture(): void;
  press(at: Point, kind: PressKind): void;
  moveTo(at: Point): void;
  release(): void;
  /** Forgets what is pressed: nothing comes of it. */
  cancel(): void;
  /** Begins a box at the keyboard's cursor, or leaves off. */
  draw(): void;
  /** Sets a corner of the box that is drawn, at the cursor; the second one ends it. */
  setCorner(): void;
  /** Leaves off one thing: what is pressed, then drawing, then the selection. */
  leaveOff(): void;
  arrow(by: Point, far: boolean, size: boolean): void;
  /** Selects the next box or proposal; false past the end, where the key is the page's. */
  cycle(by: 1 | -1): boolean;
  zoom(factor: number, at?: Point): void;
  pan(by: Point): void;
  /** The whole picture; where that is shown and boxes are selected, those. */
  fit(): void;
  toggleHidden(): void;
  toggleSeveral(): void;
}

const ZERO: View = { scale: 1, x: 0, y: 0 };
const FAR_PX = 10;
const PAN_PX = 60;
/** With Ctrl or Alt the cursor moves by such a part of what is shown. */
const LEAP = 0.125;

/** What stands on the stage of the editor: its view, what is pressed on it, and the box that is being drawn. */
export function createStageStore(labelling: StoreApi<LabellingState>): StoreApi<StageState> {
  return createStore<StageState>()((set, get) => {
    let pressed: { readonly drag: Drag; readonly at: Point; readonly kind: PressKind } | null = null;

    const size = (): Size => shownSample(labelling.getState())?.size ?? { h: 1, w: 1 };
    const mayEdit = (): boolean => labelling.getState().access === 'editing';
    const holdable = (): Held[] => {
      const { labels, proposals, decided } = labelling.getState();
      const proposed = openProposals(proposals, decided).map((box) => ({
        key: proposalKey(box),
        boxXyxyPx: box.boxXyxyPx,
      }));
      return [...labels.boxes, ...proposed];
    };
    const selected = (): Held[] => holdable().filter(({ key }) => labelling.getState().selection.includes(key));
    const point = (at: Point): Point => toPicture(get().view, at);
    const finish = (box: BoxXyxy): void => {
      set({ drag: null, drawing: false, corner: null });
      labelling.getState().draw(box);
    };
    const show = (at: Point): void => set({ view: viewShowing(get().view, at, size(), get().room) });

    return {
      room: { h: 0, w: 0 },
      view: ZERO,
      drag: null,
      drawing: false,
      corner: null,
      cursor: null,
      hovered: null,
      hidden: false,
      several: false,

      setRoom(room) {
        const { room: before, view } = get();
        const isWhole = before.w === 0 || isFit(view, size(), before);
        set({ room, view: isWhole ? fitView(size(), room) : heldView(view, size(), room) });
      },
      showPicture() {
        pressed = null;
        const drawing = { drag: null, drawing: false, corner: null, cursor: null, hovered: null };
        set({ ...drawing, view: fitView(size(), get().room) });
      },
      press(at, { add, ...how }) {
        const kind = { ...how, add: add || get().several };
        const { view, drawing, corner } = get();
        const here = point(at);
        if (corner !== null && drawing) {
          finish(boxBetween(corner, here, size()));
          return;
        }
        const { selection } = labelling.getState();
        const drag = dragFrom({
          point: here,
          reach: kind.reachPx / view.scale,
          boxes: holdable(),
          selection: kind.add || get().hidden ? [] : selection,
          mustDraw: drawing,
        });
        pressed = { drag, at, kind };
      },
      moveTo(at) {
        const here = point(at);
        if (pressed === null) {
          const { hidden, drawing, hovered, corner } = get();
          if (corner !== null) set({ cursor: insidePicture(here, size()) });
          const over = hidden || drawing ? null : (under(holdable(), here)[0]?.key ?? null);
          if (over !== hovered) set({ hovered: over });
          return;
        }
        const { drag, kind } = pressed;
        const isClick = get().drag === null && Math.hypot(at.x - pressed.at.x, at.y - pressed.at.y) <= kind.slipPx;
        if (!isClick && mayEdit()) set({ drag: { ...drag, to: here }, hovered: null });
      },
      release() {
        const { drag, drawing, view } = get();
        const ended = pressed;
        pressed = null;
        set({ drag: null });
        if (ended === null) return;
        if (drag !== null) {
          const box = drawnBy(drag, size());
          if (box !== null) finish(box);
          else labelling.getState().place(placesAfter(drag, size()), drag.kind === 'move' ? 'moved' : 'resized');
          return;
        }
        const here = point(ended.at);
        if (drawing) {
          const corner = insidePicture(here, size());
          set({ corner, cursor: corner });
          return;
        }
        const { selection, select } = labelling.getState();
        const hits = get().hidden ? [] : under(holdable(), here, Math.min(ended.kind.slipPx, 4) / view.scale);
        const key = nextUnder(hits, ended.kind.add ? [] : selection);
        if (key !== null) select(clicked(selection, key, ended.kind.add));
        else if (!ended.kind.add) select([]);
      },
      cancel() {
        pressed = null;
        set({ drag: null });
      },
      draw() {
        const { drawing, cursor, view, room } = get();
        if (drawing) {
          set({ drawing: false, corner: null });
          return;
        }
        if (!mayEdit()) {
          labelling.getState().say('This set cannot be edited here.');
          return;
        }
        const middle = insidePicture(toPicture(view, { x: room.w / 2, y: room.h / 2 }), size());
        const at = cursor ?? { x: Math.round(middle.x), y: Math.round(middle.y) };
        labelling.getState().select([]);
        set({ drawing: true, corner: null, cursor: at, hovered: null, hidden: false });
        labelling.getState().say(`New box: cursor at ${Math.round(at.x)}, ${Math.round(at.y)}`);
      },
      setCorner() {
        const { drawing, corner, cursor } = get();
        if (!drawing || cursor === null) return;
        if (corner === null) {
          set({ corner: cursor });
          labelling.getState().say(`Corner at ${Math.round(cursor.x)}, ${Math.round(cursor.y)}`);
        } else if (Math.abs(corner.x - cursor.x) >= 1 && Math.abs(corner.y - cursor.y) >= 1) {
          finish(boxBetween(corner, cursor, size()));
        } else labelling.getState().say('The box has no area yet: move the cursor with the arrow keys');
      },
      leaveOff() {
        const { drag, drawing } = get();
        if (drag !== null || pressed !== null) get().cancel();
        else if (drawing) {
          set({ drawing: false, corner: null });
          labelling.getState().say('No new box');
        } else labelling.getState().select([]);
      },
      arrow({ x, y }, far, resize) {
        const { drawing, cursor, corner, view, room } = get();
        const step = far ? FAR_PX : 1;
        if (drawing && cursor !== null) {
          const leap = resize ? { x: (LEAP * room.w) / view.scale, y: (LEAP * room.h) / view.scale } : null;
          const to = insidePicture(
            { x: Math.round(cursor.x + x * (leap?.x ?? step)), y: Math.round(cursor.y + y * (leap?.y ?? step)) },
            size(),
          );
          set({ cursor: to });
          show(to);
          const words =
            corner === null
              ? `${to.x}, ${to.y}`
              : `${Math.abs(to.x - corner.x)} by ${Math.abs(to.y - corner.y)} pixels`;
          labelling.getState().say(words);
          return;
        }
        const held = selected();
        if (held.length === 0) {
          get().pan({ x: -x * PAN_PX * step, y: -y * PAN_PX * step });
          return;
        }
        if (!mayEdit()) {
          labelling.getState().say('This set cannot be edited here.');
          return;
        }
        const by = { x: x * step, y: y * step };
        const boxes = held.map(({ boxXyxyPx }) => boxXyxyPx);
        const moved = resize ? boxes.map((box) => grown(box, by, size())) : moveBoxes(boxes, by, size());
        const places = new Map(held.flatMap(({ key }, at) => (moved[at] ? [[key, moved[at]] as const] : [])));
        const series = `${resize ? 'resized' : 'moved'} by keys: ${held.map(({ key }) => key).join()}`;
        labelling.getState().place(places, resize ? 'resized' : 'moved', series);
      },
      cycle(by) {
        const { selection, select } = labelling.getState();
        if (get().drawing || get().hidden) return false;
        const held = holdable();
        const key = cycled(
          held.map((box) => box.key),
          selection,
          by,
        );
        select(key === null ? [] : [key]);
        const box = held.find((other) => other.key === key);
        if (box === undefined) return false;
        const [x0, y0, x1, y1] = box.boxXyxyPx;
        show({ x: (x0 + x1) / 2, y: (y0 + y1) / 2 });
        return true;
      },
      zoom(factor, at) {
        const { view, room } = get();
        const around = at ?? { x: room.w / 2, y: room.h / 2 };
        set({ view: zoomedAt(view, factor, around, size(), room) });
      },
      pan: (by) => set({ view: pannedBy(get().view, by, size(), get().room) }),
      fit() {
        const { view, room } = get();
        const boxes = selected().map(({ boxXyxyPx }) => boxXyxyPx);
        const whole = fitView(size(), room);
        if (!isFit(view, size(), room) || boxes.length === 0) {
          set({ view: whole });
          return;
        }
        const around = boxes.reduce(
          ([x0, y0, x1, y1], box) =>
            [Math.min(x0, box[0]), Math.min(y0, box[1]), Math.max(x1, box[2]), Math.max(y1, box[3])] as const,
        );
        set({ view: viewOn(around, size(), room) });
      },
      toggleSeveral() {
        const { several } = get();
        set({ several: !several });
        labelling.getState().say(several ? 'One box at a time' : 'Each press takes a box in or out');
      },
      toggleHidden() {
        const hidden = !get().hidden;
        set({ hidden, hovered: null });
        labelling.getState().say(hidden ? 'Boxes hidden' : 'Boxes shown');
      },
    };
  });
}

function isFit(view: View, picture: Size, room: Size): boolean {
  const whole = fitView(picture, room);
  return Math.abs(view.scale / whole.scale - 1) < 1e-6;
}

/** The box with its right and bottom sides moved, and none of them past the side across. */
function grown(box: BoxXyxy, by: Point, size: Size): BoxXyxy {
  const [x0, y0, x1, y1] = box;
  const room = { x: Math.max(by.x, x0 + 1 - x1), y: Math.max(by.y, y0 + 1 - y1) };
  return resizeBox(box, by.x !== 0 ? 'e' : 's', room, size);
}
