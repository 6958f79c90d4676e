import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useMemo } from 'react';
import type { Size } from '../../base/boxes.ts';
import { type JustifiedRow, justifiedRows, rowOf } from './justified-rows.ts';
import { useRoomScroller } from './room-scroller.ts';

export interface PictureRowsOptions {
  readonly pictures: readonly { readonly size: Size }[];
  readonly gapPx: number;
  /** Below each picture. */
  readonly captionPx: number;
  /** What a row aims at, on a narrow screen and on any other. */
  readonly narrowPx: number;
  readonly widePx: number;
  /** The picture whose row stays in the page wherever one scrolls, as the one with the focus has to. */
  readonly keptPlace?: number;
  /** What covers the top of the room while it scrolls. */
  readonly coveredPx?: number;
}

export interface PictureRows<Element extends HTMLElement> {
  /** To be set on the list. */
  readonly list: RefObject<Element | null>;
  readonly rows: readonly JustifiedRow[];
  /** Of the whole list. */
  readonly heightPx: number;
  /** The rows that are to be drawn. */
  readonly shown: readonly { readonly index: number; readonly row: JustifiedRow; readonly topPx: number }[];
  /** Scrolls to the row of that picture. It stays the same function while the rows do. */
  readonly scrollTo: (place: number) => void;
}

/** Below this width of the list a screen is narrow. */
const NARROW_PX = 500;

/** Pictures in rows that fill the width of a room, of which only those near what can be seen are in the page. */
export function usePictureRows<Element extends HTMLElement>(options: PictureRowsOptions): PictureRows<Element> {
  const { pictures, gapPx, captionPx, narrowPx, widePx, keptPlace, coveredPx = 0 } = options;
  const { list, widthPx, marginPx, scroller } = useRoomScroller<Element>();
  const targetPx = widthPx < NARROW_PX ? narrowPx : widePx;
  const rows = useMemo(
    () => (widthPx === 0 ? [] : rowsOf(pictures, { widthPx, targetPx, gapPx })),
    [pictures, widthPx, targetPx, gapPx],
  );
  // Another function for other rows: their places are then reckoned anew at once, and not only after they were drawn in the old ones.
  const getItemKey = useMemo(() => keysOf(rows), [rows]);
  const keptRow = keptPlace === undefined ? -1 : rowOf(rows, keptPlace);

  const virtual = useVirtualizer({
    count: rows.length,
    getItemKey,
    getScrollElement: scroller,
    estimateSize: (row) => (rows[row]?.heightPx ?? targetPx) + captionPx,
    overscan: 2,
    scrollMargin: marginPx,
    scrollPaddingStart: coveredPx + gapPx,
    scrollPaddingEnd: gapPx,
    useFlushSync: false,
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      if (keptRow < 0 || seen.includes(keptRow)) return seen;
      return keptRow < (seen[0] ?? 0) ? [keptRow, ...seen] : [...seen, keptRow];
    },
  });

  const scrollTo = useMemo(() => (place: number) => virtual.scrollToIndex(rowOf(rows, place)), [rows, virtual]);
  const shown = virtual.getVirtualItems().flatMap(({ index, start }) => {
    const row = rows[index];
    return row === undefined ? [] : [{ index, row, topPx: start - marginPx }];
  });
  return { list, rows, heightPx: virtual.getTotalSize(), shown, scrollTo };
}

interface RowShape {
  readonly widthPx: number;
  readonly targetPx: number;
  readonly gapPx: number;
}

/** The last rows of each list of pictures: a large set comes back whenever a filter is cleared. */
const laidOut = new WeakMap<object, RowShape & { readonly rows: readonly JustifiedRow[] }>();

function rowsOf(pictures: PictureRowsOptions['pictures'], shape: RowShape): readonly JustifiedRow[] {
  const { widthPx, targetPx, gapPx } = shape;
  const old = laidOut.get(pictures);
  if (old?.widthPx === widthPx && old.targetPx === targetPx && old.gapPx === gapPx) return old.rows;
  const sizes = pictures.map(({ size }) => size);
  const rows = justifiedRows(sizes, widthPx, targetPx, gapPx);
  laidOut.set(pictures, { ...shape, rows });
  return rows;
}

/** Names the rows by their place. */
function keysOf(rows: readonly JustifiedRow[]): (index: number) => number {
  return (index) => rows[index]?.first ?? index;
}
