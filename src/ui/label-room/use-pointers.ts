import { type RefObject, useEffect } from 'react';
import type { StoreApi } from 'zustand';
import type { Point } from '../../state/labelling/geometry.ts';
import type { PressKind, StageState } from '../../state/labelling/stage.ts';

/** Half of the 44 px that a finger needs. */
const TOUCH_REACH_PX = 22;
const MOUSE_REACH_PX = 8;
const ZOOM_PER_PX = 0.0016;
/** From so much on a turn of a wheel is one of a mouse, and not of two fingers on a pad. */
const NOTCH_PX = 40;

/**
 * Mouse, touch and pen on the stage: one draws, moves and selects; the middle button, the left one with the space bar, and two
 * fingers move the picture; the wheel and two fingers enlarge it.
 */
export function usePointers(
  element: RefObject<HTMLElement | null>,
  stage: StoreApi<StageState>,
  isSpaceDown: RefObject<boolean>,
): void {
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const pointers = new Map<number, Point>();
    let panning: number | null = null;
    /** A mouse may tell of many moves in one frame: the last one counts. */
    let moved: Point | null = null;
    let frame = 0;
    let pinch: { readonly middle: Point; readonly apart: number } | null = null;

    const place = ({ clientX, clientY }: MouseEvent): Point => {
      const { left, top } = target.getBoundingClientRect();
      return { x: clientX - left, y: clientY - top };
    };
    const pinched = (): { readonly middle: Point; readonly apart: number } | null => {
      const [a, b] = [...pointers.values()];
      if (a === undefined || b === undefined) return null;
      return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, apart: Math.hypot(a.x - b.x, a.y - b.y) };
    };

    const applyMove = (): void => {
      cancelAnimationFrame(frame);
      frame = 0;
      if (moved !== null) stage.getState().moveTo(moved);
      moved = null;
    };

    const down = (event: PointerEvent): void => {
      if (event.button > 1) return;
      const at = place(event);
      if (event.pointerType === 'touch') {
        pointers.set(event.pointerId, at);
        if (pointers.size > 1) {
          // The second finger says that the first one did not mean to draw.
          stage.getState().cancel();
          pinch = pinched();
          return;
        }
      }
      event.preventDefault();
      target.focus({ preventScroll: true });
      target.setPointerCapture(event.pointerId);
      if (event.button === 1 || isSpaceDown.current) {
        panning = event.pointerId;
        pointers.set(event.pointerId, at);
        target.dataset.panning = 'true';
        return;
      }
      applyMove();
      stage.getState().press(at, kindOf(event));
    };

    const move = (event: PointerEvent): void => {
      const at = place(event);
      const before = pointers.get(event.pointerId);
      if (before !== undefined) pointers.set(event.pointerId, at);
      if (pinch !== null) {
        const now = pinched();
        if (now === null) return;
        stage.getState().pan({ x: now.middle.x - pinch.middle.x, y: now.middle.y - pinch.middle.y });
        if (pinch.apart > 0) stage.getState().zoom(now.apart / pinch.apart, now.middle);
        pinch = now;
        return;
      }
      if (panning === event.pointerId && before !== undefined) {
        stage.getState().pan({ x: at.x - before.x, y: at.y - before.y });
        return;
      }
      moved = at;
      if (frame === 0) frame = requestAnimationFrame(applyMove);
    };

    const up = (event: PointerEvent): void => {
      pointers.delete(event.pointerId);
      if (panning === event.pointerId) {
        panning = null;
        delete target.dataset.panning;
      } else if (pinch !== null) {
        // The finger that is left does nothing until it is lifted too.
        if (pointers.size === 0) pinch = null;
      } else {
        applyMove();
        stage.getState().release();
      }
    };
    const lost = (event: PointerEvent): void => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) pinch = null;
      if (panning === event.pointerId) panning = null;
      delete target.dataset.panning;
      moved = null;
      stage.getState().cancel();
    };
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const isPad = event.deltaMode === 0 && (event.deltaX !== 0 || Math.abs(event.deltaY) < NOTCH_PX);
      if (isPad && !event.ctrlKey) {
        stage.getState().pan({ x: -event.deltaX, y: -event.deltaY });
        return;
      }
      const px = event.deltaY * (event.deltaMode === 0 ? 1 : 33) * (event.ctrlKey && isPad ? 6 : 1);
      stage.getState().zoom(Math.exp(-px * ZOOM_PER_PX), place(event));
    };

    target.addEventListener('pointerdown', down);
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerup', up);
    target.addEventListener('pointercancel', lost);
    // A long press of a finger would open the browser's menu in the middle of a box.
    const noMenu = (event: Event): void => event.preventDefault();
    target.addEventListener('contextmenu', noMenu);
    target.addEventListener('wheel', wheel, { passive: false });
    return () => {
      cancelAnimationFrame(frame);
      target.removeEventListener('pointerdown', down);
      target.removeEventListener('pointermove', move);
      target.removeEventListener('pointerup', up);
      target.removeEventListener('pointercancel', lost);
      target.removeEventListener('contextmenu', noMenu);
      target.removeEventListener('wheel', wheel);
    };
  }, [element, stage, isSpaceDown]);
}

function kindOf({ pointerType, shiftKey, ctrlKey, metaKey }: PointerEvent): PressKind {
  const isTouch = pointerType === 'touch';
  return {
    reachPx: isTouch ? TOUCH_REACH_PX : MOUSE_REACH_PX,
    slipPx: isTouch ? 8 : 3,
    add: shiftKey || ctrlKey || metaKey,
  };
}
