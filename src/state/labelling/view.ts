import type { BoxXyxy, Size } from '../../base/boxes.ts';
import type { Point } from './geometry.ts';

/** How a picture stands on the stage: a point of it is shown at `point * scale + (x, y)`, in CSS pixels of the stage. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Around a picture that is shown whole, in CSS pixels. */
const MARGIN_PX = 12;
/** CSS pixels for one of the picture's; less for a large picture, which a browser cannot draw at any size. */
const MOST_SCALE = 32;
const MOST_DRAWN_PX = 24_000;
const mostScale = ({ h, w }: Size): number => Math.min(MOST_SCALE, Math.max(MOST_DRAWN_PX / Math.max(h, w), 2));
/** A small picture is shown larger than it is, but not so that it is all blocks. */
const MOST_FIT_SCALE = 4;

/** The whole picture in the middle of the stage. */
export function fitView(picture: Size, stage: Size): View {
  const room = { h: Math.max(stage.h - 2 * MARGIN_PX, 1), w: Math.max(stage.w - 2 * MARGIN_PX, 1) };
  const scale = Math.min(room.w / picture.w, room.h / picture.h, MOST_FIT_SCALE);
  return { scale, x: (stage.w - picture.w * scale) / 2, y: (stage.h - picture.h * scale) / 2 };
}

/** A part of the picture in the middle of the stage, with as much again around it. */
export function viewOn([x0, y0, x1, y1]: BoxXyxy, picture: Size, stage: Size): View {
  const least = fitView(picture, stage).scale;
  const wanted = Math.min(stage.w / (2 * (x1 - x0)), stage.h / (2 * (y1 - y0)));
  const scale = Math.min(Math.max(wanted, least), mostScale(picture));
  const centred = { scale, x: stage.w / 2 - ((x0 + x1) / 2) * scale, y: stage.h / 2 - ((y0 + y1) / 2) * scale };
  return heldView(centred, picture, stage);
}

/** Enlarged or shrunk by a factor around a place of the stage, which keeps its point of the picture. */
export function zoomedAt(view: View, factor: number, at: Point, picture: Size, stage: Size): View {
  const least = fitView(picture, stage).scale;
  const scale = Math.min(Math.max(view.scale * factor, Math.min(least, 1)), mostScale(picture));
  const point = toPicture(view, at);
  return heldView({ scale, x: at.x - point.x * scale, y: at.y - point.y * scale }, picture, stage);
}

/** Moved by so many CSS pixels. */
export function pannedBy(view: View, by: Point, picture: Size, stage: Size): View {
  return heldView({ ...view, x: view.x + by.x, y: view.y + by.y }, picture, stage);
}

/** A view that shows no more beside the picture than has to be: where it is smaller than the stage, it stands in the middle. */
export function heldView({ scale, x, y }: View, picture: Size, stage: Size): View {
  return { scale, x: held(x, picture.w * scale, stage.w), y: held(y, picture.h * scale, stage.h) };
}

function held(offset: number, length: number, room: number): number {
  if (length + 2 * MARGIN_PX <= room) return (room - length) / 2;
  return Math.min(Math.max(offset, room - length - MARGIN_PX), MARGIN_PX);
}

/** The point of the picture under a place of the stage; it may lie beside the picture. */
export function toPicture({ scale, x, y }: View, at: Point): Point {
  return { x: (at.x - x) / scale, y: (at.y - y) / scale };
}

/** The view moved as little as shows the point, with a margin around it. */
export function viewShowing(view: View, { x, y }: Point, picture: Size, stage: Size): View {
  const shown = { x: x * view.scale + view.x, y: y * view.scale + view.y };
  const margin = Math.min(40, stage.w / 4, stage.h / 4);
  const by = (at: number, room: number): number =>
    at < margin ? margin - at : at > room - margin ? room - margin - at : 0;
  return pannedBy(view, { x: by(shown.x, stage.w), y: by(shown.y, stage.h) }, picture, stage);
}
