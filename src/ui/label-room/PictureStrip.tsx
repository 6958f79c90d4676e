import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { Sample } from '../../rpc/protocol.ts';
import { markOf, markWords } from '../../state/labelling/labels.ts';
import { whole } from '../numbers.ts';
import { SampleThumbnail } from '../samples/SampleThumbnail.tsx';
import { useStudio } from '../studio.ts';
import { useLabelling } from './label-context.ts';
import { keepFocus } from './Tools.tsx';

const CELL_PX = 92;
const PICTURE_PX = 56;

/** All pictures in a row, each with its mark; as many in the page as can be seen. Arrows move while it has the focus. */
export function PictureStrip({ dataSetId }: { readonly dataSetId: string }): ReactNode {
  const { labelling } = useStudio();
  const samples = useLabelling((state) => state.samples);
  const at = useLabelling((state) => state.at);
  const strip = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    horizontal: true,
    count: samples.length,
    getScrollElement: () => strip.current,
    estimateSize: () => CELL_PX,
    overscan: 4,
    useFlushSync: false,
  });
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'center' });
  }, [virtual, at]);

  const hasFocus = useRef(false);
  useEffect(() => {
    if (!hasFocus.current) return;
    strip.current?.querySelector<HTMLElement>(`[data-place="${at}"]`)?.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: samples.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    hasFocus.current = true;
    labelling.getState().go(to);
  };
  const onGo = useCallback((place: number) => labelling.getState().go(place), [labelling]);

  return (
    <nav
      ref={strip}
      className="label-strip"
      aria-label={`Pictures: ${whole(samples.length)}`}
      onKeyDown={onKeyDown}
      onBlur={() => {
        hasFocus.current = false;
      }}
    >
      <ul style={{ width: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const sample = samples[index];
          if (sample === undefined) return null;
          return (
            <Cell
              key={sample.id}
              dataSetId={dataSetId}
              sample={sample}
              place={index}
              count={samples.length}
              leftPx={start}
              current={index === at}
              onGo={onGo}
            />
          );
        })}
      </ul>
    </nav>
  );
}

interface CellProps {
  readonly dataSetId: string;
  readonly sample: Sample;
  readonly place: number;
  readonly count: number;
  readonly leftPx: number;
  readonly current: boolean;
  readonly onGo: (place: number) => void;
}

const Cell = memo(function Cell(props: CellProps): ReactNode {
  const { dataSetId, sample, place, count, leftPx, current, onGo } = props;
  const { id, size, objects } = sample;
  const heightPx = Math.min(PICTURE_PX, ((CELL_PX - 12) * size.h) / size.w);
  return (
    <li aria-setsize={count} aria-posinset={place + 1} style={{ transform: `translateX(${leftPx}px)` }}>
      <button
        type="button"
        className="label-cell"
        data-place={place}
        tabIndex={current ? 0 : -1}
        aria-label={`${id}, ${markWords(sample)}`}
        {...(current ? { 'aria-current': 'true' as const } : {})}
        onPointerDown={keepFocus}
        onClick={() => onGo(place)}
      >
        <span className="label-cell-picture">
          <SampleThumbnail dataSetId={dataSetId} sampleId={id} size={size} heightPx={heightPx} label="" />
        </span>
        <span className="label-cell-mark" data-mark={markOf(sample)}>
          {objects.length > 0 ? objects.length : sample.labelled ? 'none' : 'not yet'}
        </span>
      </button>
    </li>
  );
});
