import { Button, Collapse, NativeSelect, TextInput, UnstyledButton } from '@mantine/core';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { usedLabels } from '../../base/class-rows.ts';
import { knownClassesText } from '../../state/planned-rows.ts';
import { useClassColour } from '../class-colour.ts';
import { useRun, useTrainForm } from '../studio.ts';
import type { RowsPlan } from './use-planned-rows.ts';

/** More are found by typing. */
const MOST_WITHOUT_FILTER = 12;
const MOST_SHOWN = 100;

/** No class of the weights is called so: values of theirs begin with another letter. */
const NEW_ROW = 'new';
const rowValue = (label: string): string => `=${label}`;

export interface ClassRowsFieldProps {
  readonly rows: RowsPlan;
  /** The classes of the set. */
  readonly names: readonly string[];
  /** While a run goes on: its share is shown then, and nothing can be changed. */
  readonly disabled: boolean;
}

/** How many classes of the set the weights know, and behind a button from which row each of them starts. */
export function ClassRowsField({ rows: { planned, labels, error }, names, disabled }: ClassRowsFieldProps): ReactNode {
  const [open, setOpen] = useState(false);
  const carriedByRun = useRun((state) => state.log.carriedClasses);
  const tableId = useId();
  const opened = open && !disabled && planned !== null;
  const line = disabled
    ? carriedByRun === null
      ? ' '
      : `${carriedByRun} of ${names.length} classes started from known rows`
    : planned !== null
      ? knownClassesText(planned)
      : (error?.message ?? 'Looking into the weights');
  return (
    <div className="class-rows">
      <div className="class-rows-head">
        <p className={error === null ? 'small muted' : 'small warning'} aria-live="polite">
          {line}
        </p>
        {!disabled && planned !== null && (
          <UnstyledButton
            className="more"
            aria-expanded={opened}
            aria-controls={tableId}
            onClick={() => setOpen(!opened)}
          >
            Class rows
            {planned.notices.length > 0 && (
              <>
                <i className="class-rows-mark" />
                <span className="only-read-aloud">, with something to look at</span>
              </>
            )}
          </UnstyledButton>
        )}
      </div>
      <div id={tableId}>
        <Collapse expanded={opened}>
          {opened && labels !== null && <RowTable planned={planned} labels={labels} />}
        </Collapse>
      </div>
    </div>
  );
}

function RowTable({
  planned,
  labels,
}: {
  readonly planned: NonNullable<RowsPlan['planned']>;
  readonly labels: readonly string[];
}): ReactNode {
  const chooseRow = useTrainForm((state) => state.chooseRow);
  const proposeRows = useTrainForm((state) => state.proposeRows);
  const [filter, setFilter] = useState('');
  const colourOf = useClassColour();
  const options = useMemo(
    () => [
      { value: NEW_ROW, label: 'new' },
      ...[...new Set(usedLabels(labels))].map((label) => ({ value: rowValue(label), label })),
    ],
    [labels],
  );
  const wanted = filter.trim().toLowerCase();
  const found = planned.rows
    .map((row, index) => ({ ...row, index }))
    .filter(({ name }) => name.toLowerCase().includes(wanted));
  const shown = found.slice(0, MOST_SHOWN);
  return (
    <div className="class-rows-table">
      <p className="small muted">
        Each class of the set starts from the row of a class that the weights know, or from a new one.
      </p>
      {planned.rows.length > MOST_WITHOUT_FILTER && (
        <TextInput
          size="xs"
          aria-label="Find a class of the set"
          placeholder="Find a class of the set"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            // It would start the training.
            if (event.key === 'Enter') event.preventDefault();
          }}
        />
      )}
      <ul className="class-rows-list">
        {shown.map(({ name, from, index }) => (
          <li key={name}>
            <i style={{ background: colourOf(name, index) }} />
            <span title={name}>{name}</span>
            <NativeSelect
              size="xs"
              aria-label={`Row that ${name} starts from`}
              value={from === null ? NEW_ROW : rowValue(from)}
              data={options}
              data-chosen={planned.chosen.has(name)}
              onChange={(event) => {
                const { value } = event.currentTarget;
                chooseRow(name, value === NEW_ROW ? null : value.slice(1));
              }}
            />
          </li>
        ))}
      </ul>
      {found.length !== shown.length && (
        <p className="small muted">{found.length - shown.length} more: type a part of a name to find them.</p>
      )}
      {found.length === 0 && <p className="small muted">No class of the set has that in its name.</p>}
      {planned.notices.map((notice) => (
        <p className="small warning" key={notice}>
          {notice}
        </p>
      ))}
      {planned.chosen.size > 0 && (
        <Button variant="default" size="compact-sm" onClick={proposeRows}>
          Back to the names
        </Button>
      )}
    </div>
  );
}
