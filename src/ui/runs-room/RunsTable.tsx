import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import type { RunSummary } from '../../rpc/protocol.ts';
import { useRuns } from '../studio.ts';
import { COLUMNS } from './columns.ts';
import { type RowEvents, RunRow } from './RunRow.tsx';
import { MOST_COMPARED, runLine } from './run-lines.ts';
import { SortHead } from './SortHead.tsx';
import type { RunActions } from './use-run-actions.ts';

const ROW_PX = 40;
const NARROW_ROW_PX = 56;
const NARROW = '(max-width: 760px)';

export interface RunsTableProps {
  /** In the order in which they are shown. */
  readonly runs: readonly RunSummary[];
  readonly renamingId: string | null;
  readonly askedAbout: readonly string[];
  readonly actions: RunActions;
  readonly events: RowEvents;
  readonly onChooseAll: (chosen: boolean) => void;
}

/** The kept runs as a table that sorts by each column; only the rows in view are in the page. */
export function RunsTable({ runs, renamingId, askedAbout, actions, events, onChooseAll }: RunsTableProps): ReactNode {
  const selected = useRuns((state) => state.selected);
  const tasks = useRuns((state) => state.tasks);
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery(NARROW) ?? false;
  const heightPx = narrow ? NARROW_ROW_PX : ROW_PX;
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => heightPx,
    overscan: 8,
    getItemKey: (index) => runs[index]?.id ?? index,
  });
  const measuredPx = useRef(heightPx);
  useEffect(() => {
    // Rows are as high as they are told to be: another height counts for those that were shown, too.
    if (measuredPx.current !== heightPx) rows.measure();
    measuredPx.current = heightPx;
  }, [rows, heightPx]);
  const items = rows.getVirtualItems();
  const abovePx = items[0]?.start ?? 0;
  const belowPx = Math.max(0, rows.getTotalSize() - (items.at(-1)?.end ?? 0));
  const shownChosen = runs.filter(({ id }) => selected.includes(id)).length;
  return (
    <div className="card runs-card" ref={scroller}>
      <table className="runs-table" aria-label="Kept runs" aria-rowcount={runs.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <td className="run-choose">
              <Checkbox
                size="xs"
                aria-label="Choose all"
                checked={shownChosen > 0 && shownChosen === runs.length}
                indeterminate={shownChosen > 0 && shownChosen < runs.length}
                onChange={({ currentTarget }) => onChooseAll(currentTarget.checked)}
              />
            </td>
            {COLUMNS.map((column) => (
              <SortHead key={column.column} {...column} />
            ))}
            <td className="run-do" />
          </tr>
        </thead>
        <tbody>
          {abovePx > 0 && (
            <tr style={{ height: abovePx }}>
              <td />
            </tr>
          )}
          {items.map(({ index }) => {
            const run = runs[index];
            if (run === undefined) return null;
            const place = selected.indexOf(run.id);
            const compared = selected.length > 1 && place >= 0 && place < MOST_COMPARED;
            return (
              <RunRow
                key={run.id}
                run={run}
                rowIndex={index + 2}
                heightPx={heightPx}
                chosen={place >= 0}
                colour={compared ? runLine(place, '').colour : null}
                renaming={renamingId === run.id}
                asking={askedAbout.includes(run.id)}
                task={tasks[run.id] ?? null}
                actions={actions}
                events={events}
              />
            );
          })}
          {belowPx > 0 && (
            <tr style={{ height: belowPx }}>
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
