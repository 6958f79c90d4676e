import { useEffect, useRef, useState } from 'react';

/** So many cells of a list change in one frame: a screen has 40 and more. */
const PART = 8;

/**
 * What is drawn of a list's cells. Where others are listed they change from the first on, a part a frame, beginning with the frame after
 * the one that found them; what is not changed yet stays as it was. `list` is another object whenever others are listed, and not when one scrolls.
 */
export function useInParts<Cell extends { readonly place: number }>(
  list: object,
  cells: readonly Cell[],
): readonly Cell[] {
  const [turn, setTurn] = useState<{ readonly list: object | null; readonly upTo: number }>({ list: null, upTo: 0 });
  const upTo = turn.list === list ? turn.upTo : 0;
  const before = useRef<readonly Cell[]>([]);
  const drawn = upTo >= cells.length ? cells : withRest(cells.slice(0, upTo), before.current);

  useEffect(() => {
    before.current = drawn;
  });
  useEffect(() => {
    if (upTo >= cells.length) return;
    const next = upTo + PART >= cells.length ? Number.POSITIVE_INFINITY : upTo + PART;
    const frame = requestAnimationFrame(() => setTurn({ list, upTo: next }));
    return () => cancelAnimationFrame(frame);
  }, [list, upTo, cells.length]);
  return drawn;
}

/** Those that are new, and of the others those that stand behind them. */
function withRest<Cell extends { readonly place: number }>(
  fresh: readonly Cell[],
  others: readonly Cell[],
): readonly Cell[] {
  const last = fresh.at(-1)?.place ?? -1;
  return [...fresh, ...others.filter(({ place }) => place > last)];
}
