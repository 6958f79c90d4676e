import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

export interface RoomScroller<Element extends HTMLElement> {
  /** To be set on the list. */
  readonly list: RefObject<Element | null>;
  readonly widthPx: number;
  /** From the top of what scrolls to the top of the list. */
  readonly marginPx: number;
  /** The element that scrolls: the room. */
  readonly scroller: () => HTMLElement | null;
}

/** Where a long list stands in the room that scrolls it, kept up to date while what stands above it grows or shrinks. */
export function useRoomScroller<Element extends HTMLElement>(): RoomScroller<Element> {
  const list = useRef<Element>(null);
  const [place, setPlace] = useState({ widthPx: 0, marginPx: 0 });
  const scroller = useCallback(() => list.current?.closest<HTMLElement>('.room') ?? null, []);

  useLayoutEffect(() => {
    const element = list.current;
    const room = scroller();
    if (element === null || room === null) return;
    const measure = (): void => {
      const marginPx = Math.round(
        element.getBoundingClientRect().top - room.getBoundingClientRect().top + room.scrollTop,
      );
      const widthPx = Math.floor(element.clientWidth);
      setPlace((old) => (old.marginPx === marginPx && old.widthPx === widthPx ? old : { widthPx, marginPx }));
    };
    measure();
    const watcher = new ResizeObserver(measure);
    // Whatever stands above it is a child of one of these.
    watcher.observe(element);
    for (let above = element.parentElement; above !== null && above !== room; above = above.parentElement) {
      for (const part of above.children) watcher.observe(part);
    }
    return () => watcher.disconnect();
  }, [scroller]);

  return { list, ...place, scroller };
}
