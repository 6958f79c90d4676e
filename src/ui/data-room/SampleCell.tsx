import { type KeyboardEvent, memo, type ReactNode, type SyntheticEvent, useMemo } from 'react';
import type { Sample } from '../../rpc/protocol.ts';
import { SampleThumbnail } from '../samples/SampleThumbnail.tsx';

export interface SampleCellProps {
  readonly dataSetId: string;
  readonly sample: Sample;
  /** Its place among the pictures that are listed, and how many these are. */
  readonly place: number;
  readonly count: number;
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  /** Of its row. */
  readonly heightPx: number;
  readonly colourOf: (className: string) => string;
  readonly hasProblems: boolean;
  /** Whether the tab key reaches it. */
  readonly active: boolean;
  /** The same functions for all: `placeOf` says of which picture an event is. */
  readonly onOpen: (event: SyntheticEvent<HTMLElement>) => void;
  readonly onFocus: (event: SyntheticEvent<HTMLElement>) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

/** A picture in the grid with its boxes, its name and how many boxes it has. */
export const SampleCell = memo(function SampleCell(props: SampleCellProps): ReactNode {
  const { dataSetId, sample, place, count, leftPx, topPx, widthPx, heightPx, colourOf, hasProblems, active } = props;
  const { onOpen, onFocus, onKey } = props;
  const { id, size, objects, labelled } = sample;
  const truth = useMemo(
    () => objects.map(({ className, boxXyxyPx }) => ({ colour: colourOf(className), boxXyxyPx })),
    [objects, colourOf],
  );
  const transform = `translate(${leftPx}px, ${topPx}px)`;
  return (
    <li aria-setsize={count} aria-posinset={place + 1} style={{ transform, width: widthPx }}>
      <button
        type="button"
        className="sample-cell"
        data-place={place}
        tabIndex={active ? 0 : -1}
        aria-label={`${id}, ${countOf(objects.length, labelled)}${hasProblems ? ', has problems' : ''}`}
        onClick={onOpen}
        onFocus={onFocus}
        onKeyDown={onKey}
      >
        <span className="sample-frame" style={{ height: heightPx }}>
          <SampleThumbnail
            dataSetId={dataSetId}
            sampleId={id}
            size={size}
            heightPx={Math.min(heightPx, (widthPx * size.h) / size.w)}
            truth={truth}
            label=""
          />
        </span>
        <span className="sample-caption">
          <span>{id}</span>
          {hasProblems && <i title="has problems">!</i>}
          <span>{labelled ? objects.length : '–'}</span>
        </span>
      </button>
    </li>
  );
});

/** The place of the picture whose event this is. */
export function placeOf({ currentTarget }: SyntheticEvent<HTMLElement>): number {
  return Number(currentTarget.dataset.place);
}

function countOf(boxes: number, labelled: boolean): string {
  if (!labelled) return 'not labelled';
  return boxes === 1 ? '1 box' : `${boxes} boxes`;
}
