import { Button } from '@mantine/core';
import {
  type ReactNode,
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { DataSetIndex, Sample } from '../../rpc/protocol.ts';
import { NO_FILTER, problemsBySample, type SampleFilter } from '../../state/sample-filter.ts';
import { sampleFinder } from '../../state/sample-finder.ts';
import { Filters } from './Filters.tsx';
import { SampleDialog } from './SampleDialog.tsx';
import { SampleGrid } from './SampleGrid.tsx';

/** What a dialog that is closed goes through: it need not be drawn anew with every filter. */
const NONE: readonly Sample[] = [];

export interface PicturesTabProps {
  readonly index: DataSetIndex;
  /** A picture that another part of the room asks for; null for none. */
  readonly asked: string | null;
  readonly onSeen: () => void;
}

/** The pictures of a set behind their filters, and one of them large. */
export function PicturesTab({ index, asked, onSeen }: PicturesTabProps): ReactNode {
  const [filter, setFilter] = useState<SampleFilter>(NO_FILTER);
  const [opened, setOpened] = useState<number | null>(() => {
    // Filters are off when the tab is shown: its place among all is its place.
    const place = asked === null ? -1 : index.samples.findIndex(({ id }) => id === asked);
    return place < 0 ? null : place;
  });
  useEffect(() => {
    if (asked !== null) onSeen();
  }, [asked, onSeen]);
  const problems = useMemo(() => problemsBySample(index), [index]);
  // Typing stays quick in a large set: the grid follows.
  const applied = useDeferredValue(filter);
  const finder = useMemo(() => sampleFinder(index, problems), [index, problems]);
  const samples = useMemo(() => finder.find(applied), [finder, applied]);
  const problematic = useCallback((id: string) => problems.has(id), [problems]);
  const { bar, coveredPx } = useCoveredHeight();

  const change = useCallback(
    (next: (filter: SampleFilter) => SampleFilter): void => {
      setFilter(next);
      bar.current?.closest('.room')?.scrollTo(0, 0);
    },
    [bar],
  );

  return (
    <>
      <div className="filter-bar" ref={bar}>
        <Filters
          index={index}
          boxesByClass={finder.boxesByClass}
          filter={filter}
          shown={samples.length}
          problematic={problems.size}
          onChange={change}
        />
      </div>
      <div className="set-body">
        {samples.length > 0 && (
          <SampleGrid
            dataSetId={index.id}
            name={index.name}
            samples={samples}
            classes={index.classes}
            problematic={problematic}
            opened={opened}
            onOpen={setOpened}
            coveredPx={coveredPx}
          />
        )}
        {samples.length === 0 && (
          <div className="nothing-fits">
            <p>{index.samples.length === 0 ? 'This set has no pictures.' : 'No picture fits these filters.'}</p>
            {index.samples.length > 0 && (
              <Button variant="default" size="compact-sm" onClick={() => change(() => NO_FILTER)}>
                Clear filters
              </Button>
            )}
          </div>
        )}
      </div>
      <SampleDialog
        index={index}
        samples={opened === null ? NONE : samples}
        problems={problems}
        opened={opened}
        onOpen={setOpened}
      />
    </>
  );
}

/** How much of the room the bar of filters covers while it sticks to the top. */
function useCoveredHeight() {
  const bar = useRef<HTMLDivElement>(null);
  const [coveredPx, setCoveredPx] = useState(0);
  useLayoutEffect(() => {
    const element = bar.current;
    if (element === null) return;
    const measure = (): void => {
      const sticks = getComputedStyle(element).position === 'sticky';
      setCoveredPx(sticks ? element.offsetHeight + Number.parseFloat(getComputedStyle(element).top) : 0);
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  return { bar, coveredPx };
}
