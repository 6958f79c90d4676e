import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { RunSummary } from '../../rpc/protocol.ts';
import { useRuns } from '../studio.ts';
import { COLUMNS } from './columns.ts';

/** Title, how much space the runs take, and what narrows the list down. */
export function RunsHead({ runs, shown }: { readonly runs: readonly RunSummary[]; readonly shown: number }): ReactNode {
  const filter = useRuns((state) => state.filter);
  const setFilter = useRuns((state) => state.setFilter);
  const sort = useRuns((state) => state.sort);
  const sortBy = useRuns((state) => state.sortBy);
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  return (
    <div className="runs-head">
      <h1>Runs</h1>
      <span className="muted small">
        {shown === runs.length ? count : `${shown} of ${count}`}, {bytesText(bytes)} in this browser
      </span>
      <TextInput
        className="runs-filter"
        size="xs"
        type="search"
        aria-label="Filter runs by name, note, data or start"
        placeholder="Filter by name, note, data"
        value={filter}
        onChange={({ currentTarget }) => setFilter(currentTarget.value)}
      />
      <NativeSelect
        className="narrow-only"
        size="xs"
        aria-label="Sort by"
        value={sort.column}
        data={COLUMNS.map(({ column, title }) => ({ value: column, label: `Sort by ${title.toLowerCase()}` }))}
        onChange={({ currentTarget }) => {
          const chosen = COLUMNS.find(({ column }) => column === currentTarget.value);
          if (chosen !== undefined && chosen.column !== sort.column) sortBy(chosen.column);
        }}
      />
    </div>
  );
}
