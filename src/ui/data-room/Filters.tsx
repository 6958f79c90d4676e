import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { DataSetIndex } from '../../rpc/protocol.ts';
import { BOX_SIZES, isOpen, NO_FILTER, type SampleFilter, toggled } from '../../state/sample-filter.ts';
import { trainFirst } from '../../state/set-statistics.ts';
import { useClassColour } from '../class-colour.ts';
import { whole } from '../numbers.ts';

export interface FiltersProps {
  readonly index: DataSetIndex;
  readonly filter: SampleFilter;
  readonly shown: number;
  /** Pictures that have problems. */
  readonly problematic: number;
  readonly onChange: (filter: SampleFilter) => void;
}

/** So many classes stand there at once; the rest behind a button. */
const MOST_CLASSES = 14;

const SIZE_HINTS = {
  small: 'boxes up to 32 x 32 px',
  medium: 'boxes up to 96 x 96 px',
  large: 'boxes beyond 96 x 96 px',
} as const;

/** What the grid shows: classes, a split, sizes of boxes, problems, a part of the name. */
export function Filters({ index, filter, shown, problematic, onChange }: FiltersProps): ReactNode {
  const [all, setAll] = useState(false);
  const colourOf = useClassColour();
  const counts = useMemo(() => boxesByClass(index), [index]);
  // A split that holds every picture would filter nothing.
  const splits = trainFirst(Object.keys(index.splits)).filter(
    (split) => filter.split === split || (index.splits[split]?.length ?? 0) < index.samples.length,
  );
  const classes = index.classes.map((name, labelId) => ({ name, labelId }));
  const listed = all
    ? classes
    : classes.filter(({ name, labelId }) => labelId < MOST_CLASSES || filter.classes.includes(name));

  return (
    <div className="filters">
      <fieldset>
        <legend className="only-read-aloud">Split</legend>
        {splits.map((split) => (
          <Tag
            key={split}
            on={filter.split === split}
            count={index.splits[split]?.length ?? 0}
            onClick={() => onChange({ ...filter, split: filter.split === split ? null : split })}
          >
            {split}
          </Tag>
        ))}
      </fieldset>
      <fieldset>
        <legend className="only-read-aloud">Class</legend>
        {listed.map(({ name, labelId }) => (
          <Tag
            key={name}
            on={filter.classes.includes(name)}
            colour={colourOf(name, labelId)}
            count={counts.get(name) ?? 0}
            onClick={() => onChange({ ...filter, classes: toggled(filter.classes, name) })}
          >
            {name}
          </Tag>
        ))}
        {classes.length > MOST_CLASSES && (
          <Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)}>
            {all ? 'Fewer classes' : `All ${classes.length} classes`}
          </Button>
        )}
      </fieldset>
      <fieldset>
        <legend className="only-read-aloud">Size of boxes</legend>
        {BOX_SIZES.map((size) => (
          <Tag
            key={size}
            on={filter.sizes.includes(size)}
            hint={SIZE_HINTS[size]}
            onClick={() => onChange({ ...filter, sizes: toggled(filter.sizes, size) })}
          >
            {size}
          </Tag>
        ))}
      </fieldset>
      <fieldset>
        <legend className="only-read-aloud">Others</legend>
        {(problematic > 0 || filter.withProblems) && (
          <Tag
            on={filter.withProblems}
            count={problematic}
            onClick={() => onChange({ ...filter, withProblems: !filter.withProblems })}
          >
            has problems
          </Tag>
        )}
        <TextInput
          size="xs"
          type="search"
          className="filter-text"
          aria-label="Search pictures by name"
          placeholder="Search by name"
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
        />
      </fieldset>
      <span className="filter-count small muted" role="status">
        {isOpen(filter) ? '' : `${whole(shown)} of ${whole(index.samples.length)} shown`}
      </span>
      {!isOpen(filter) && (
        <Button variant="subtle" size="compact-xs" onClick={() => onChange(NO_FILTER)}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

interface TagProps {
  readonly on: boolean;
  readonly onClick: () => void;
  readonly colour?: string;
  readonly count?: number;
  readonly hint?: string;
  readonly children: string;
}

function Tag({ on, onClick, colour, count, hint, children }: TagProps): ReactNode {
  return (
    <button type="button" className="tag" aria-pressed={on} title={hint} onClick={onClick}>
      {colour !== undefined && <i style={{ background: colour }} />}
      {children}
      {count !== undefined && <span className="muted">{whole(count)}</span>}
    </button>
  );
}

function boxesByClass({ samples }: DataSetIndex): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { objects } of samples) {
    for (const { className } of objects) counts.set(className, (counts.get(className) ?? 0) + 1);
  }
  return counts;
}
