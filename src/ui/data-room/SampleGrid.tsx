import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { Sample } from '../../rpc/protocol.ts';
import { useColoursOf } from '../class-colour.ts';
import { type JustifiedRow, pictureInRow, rowOf } from '../samples/justified-rows.ts';
import { SampleThumbnail } from '../samples/SampleThumbnail.tsx';
import { usePictureRows } from '../samples/use-picture-rows.ts';

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
export function SampleGrid(props: SampleGridProps): ReactNode {
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
  const currentRow = rowOf(rows, current);

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

  const keys = useRef({ go, current, rows, count: samples.length });
  useEffect(() => {
    keys.current = { go, current, rows, count: samples.length };
  });
  const onKey = useCallback((event: KeyboardEvent): void => {
    const now = keys.current;
    const next = nextPlace(event.key, now.current, now.count, now.rows);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    now.go(next);
  }, []);

  return (
    <ul
      ref={list}
      className="sample-grid"
      aria-label={`Pictures of ${name}: arrow keys move, Enter opens one`}
      style={{ height: heightPx }}
    >
      {shown.map(({ index, row, topPx }) => (
        <GridRow
          key={index}
          topPx={topPx}
          row={row}
          dataSetId={dataSetId}
          samples={samples}
          colourOf={colourOf}
          problematic={problematic}
          activePlace={index === currentRow ? current : -1}
          onOpen={onOpen}
          onFocus={setActive}
          onKey={onKey}
        />
      ))}
    </ul>
  );
}

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

interface GridRowProps {
  readonly topPx: number;
  readonly row: JustifiedRow;
  readonly dataSetId: string;
  readonly samples: readonly Sample[];
  readonly colourOf: (className: string) => string;
  readonly problematic: (sampleId: string) => boolean;
  /** The picture that the tab key reaches; -1 for none of this row. */
  readonly activePlace: number;
  readonly onOpen: (place: number) => void;
  readonly onFocus: (place: number) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

const GridRow = memo(function GridRow(props: GridRowProps): ReactNode {
  const { topPx, row, dataSetId, samples, colourOf, problematic, activePlace, onOpen, onFocus, onKey } = props;
  let leftPx = 0;
  return row.widthsPx.map((widthPx, at) => {
    const place = row.first + at;
    const sample = samples[place];
    if (sample === undefined) return null;
    const { id, size, objects, labelled } = sample;
    const transform = `translate(${leftPx}px, ${topPx}px)`;
    leftPx += widthPx + GAP_PX;
    return (
      <li key={id} aria-setsize={samples.length} aria-posinset={place + 1} style={{ transform, width: widthPx }}>
        <button
          type="button"
          className="sample-cell"
          data-place={place}
          tabIndex={place === activePlace ? 0 : -1}
          aria-label={`${id}, ${countOf(objects.length, labelled)}${problematic(id) ? ', has problems' : ''}`}
          onClick={() => onOpen(place)}
          onFocus={() => onFocus(place)}
          onKeyDown={onKey}
        >
          <span className="sample-frame" style={{ height: row.heightPx }}>
            <SampleThumbnail
              dataSetId={dataSetId}
              sampleId={id}
              size={size}
              heightPx={Math.min(row.heightPx, (widthPx * size.h) / size.w)}
              truth={objects.map(({ className, boxXyxyPx }) => ({
                colour: colourOf(className),
                boxXyxyPx,
              }))}
              label=""
            />
          </span>
          <span className="sample-caption">
            <span>{id}</span>
            {problematic(id) && <i title="has problems">!</i>}
            <span>{labelled ? objects.length : '–'}</span>
          </span>
        </button>
      </li>
    );
  });
});

function countOf(boxes: number, labelled: boolean): string {
  if (!labelled) return 'not labelled';
  return boxes === 1 ? '1 box' : `${boxes} boxes`;
}
