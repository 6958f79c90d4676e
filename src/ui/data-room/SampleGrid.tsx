import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type SyntheticEvent,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Sample } from '../../rpc/protocol.ts';
import { useColoursOf } from '../class-colour.ts';
import { type JustifiedRow, pictureInRow } from '../samples/justified-rows.ts';
import { useInParts } from '../samples/use-in-parts.ts';
import { usePictureRows } from '../samples/use-picture-rows.ts';
import { placeOf, SampleCell } from './SampleCell.tsx';

const GAP_PX = 10;
const CAPTION_PX = 26;
/** As many rows as a page turns by. */
const PAGE_ROWS = 4;

export interface SampleGridProps {
  readonly dataSetId: string;
  readonly name: string;
  readonly samples: readonly Sample[];
  /** Class names in the order of their label ids. */
  readonly classes: readonly string[];
  readonly problematic: (sampleId: string) => boolean;
  /** The picture that is open beside the grid; where it closes, the focus comes back to the one seen last. */
  readonly opened: number | null;
  readonly onOpen: (place: number) => void;
  /** What covers the top of the room while it scrolls. */
  readonly coveredPx: number;
}

/** Pictures in rows that fill the width, as many in the page as can be seen; arrows move between them, Enter opens one. */
export const SampleGrid = memo(function SampleGrid(props: SampleGridProps): ReactNode {
  const { dataSetId, name, samples, classes, problematic, opened, onOpen, coveredPx } = props;
  const [active, setActive] = useState(0);
  const wantsFocus = useRef(false);
  const current = Math.min(active, Math.max(0, samples.length - 1));
  const { list, rows, heightPx, shown, scrollTo } = usePictureRows<HTMLUListElement>({
    pictures: samples,
    gapPx: GAP_PX,
    captionPx: CAPTION_PX,
    narrowPx: 104,
    widePx: 136,
    keptPlace: current,
    coveredPx,
  });
  const colourOf = useColoursOf(classes);
  const drawn = useInParts(
    samples,
    shown.flatMap(({ row, topPx }) => cellsOf(samples, row, topPx)),
  );

  const go = (place: number): void => {
    setActive(place);
    wantsFocus.current = true;
    scrollTo(place);
  };

  useEffect(() => {
    if (!wantsFocus.current) return;
    const cell = list.current?.querySelector<HTMLElement>(`[data-place="${current}"]`);
    if (cell === null || cell === undefined) return;
    wantsFocus.current = false;
    cell.focus({ preventScroll: true });
  });

  const lastOpened = useRef<number | null>(null);
  useEffect(() => {
    const closed = opened === null ? lastOpened.current : null;
    lastOpened.current = opened;
    if (closed === null) return;
    setActive(closed);
    wantsFocus.current = true;
    scrollTo(closed);
  }, [opened, scrollTo]);

  const last = useRef({ go, current, rows, samples, drawn });
  useEffect(() => {
    last.current = { go, current, rows, samples, drawn };
  });
  const onKey = useCallback((event: KeyboardEvent): void => {
    const now = last.current;
    const next = nextPlace(event.key, now.current, now.samples.length, now.rows);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    now.go(next);
  }, []);

  const onCellOpen = useCallback(
    (event: SyntheticEvent<HTMLElement>): void => {
      const now = last.current;
      const seen = now.drawn.find(({ place }) => place === placeOf(event));
      // In the frames after a filter changed, what stands there may not be listed any more.
      if (seen !== undefined && now.samples[seen.place] === seen.sample) onOpen(seen.place);
    },
    [onOpen],
  );
  const onCellFocus = useCallback((event: SyntheticEvent<HTMLElement>) => setActive(placeOf(event)), []);

  return (
    <ul
      ref={list}
      className="sample-grid"
      aria-label={`Pictures of ${name}: arrow keys move, Enter opens one`}
      style={{ height: heightPx }}
    >
      {drawn.map(({ place, count, sample, leftPx, topPx, widthPx, heightPx: rowPx }) => (
        // By place: when others are listed, what stands there is changed and not made anew.
        <SampleCell
          key={place}
          dataSetId={dataSetId}
          sample={sample}
          place={place}
          count={count}
          leftPx={leftPx}
          topPx={topPx}
          widthPx={widthPx}
          heightPx={rowPx}
          colourOf={colourOf}
          hasProblems={problematic(sample.id)}
          active={place === current}
          onOpen={onCellOpen}
          onFocus={onCellFocus}
          onKey={onKey}
        />
      ))}
    </ul>
  );
});

function nextPlace(key: string, from: number, count: number, rows: readonly JustifiedRow[]): number | null {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'ArrowRight':
      return Math.min(count - 1, from + 1);
    case 'ArrowUp':
      return pictureInRow(rows, from, -1, GAP_PX);
    case 'ArrowDown':
      return pictureInRow(rows, from, 1, GAP_PX);
    case 'PageUp':
      return pictureInRow(rows, from, -PAGE_ROWS, GAP_PX);
    case 'PageDown':
      return pictureInRow(rows, from, PAGE_ROWS, GAP_PX);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

interface Cell {
  readonly place: number;
  readonly count: number;
  readonly sample: Sample;
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The pictures of a row, from left to right. */
function cellsOf(samples: readonly Sample[], { first, heightPx, widthsPx }: JustifiedRow, topPx: number): Cell[] {
  const cells: Cell[] = [];
  let leftPx = 0;
  widthsPx.forEach((widthPx, at) => {
    const place = first + at;
    const sample = samples[place];
    if (sample !== undefined) cells.push({ place, count: samples.length, sample, leftPx, topPx, widthPx, heightPx });
    leftPx += widthPx + GAP_PX;
  });
  return cells;
}
