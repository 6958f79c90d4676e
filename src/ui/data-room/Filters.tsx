import { Button, TextInput } from '@mantine/core';
import { memo, type ReactNode, useState } from 'react';
import type { DataSetIndex } from '../../rpc/protocol.ts';
import { BOX_SIZES, isOpen, NO_FILTER, type SampleFilter, toggled } from '../../state/sample-filter.ts';
import { trainFirst } from '../../state/set-statistics.ts';
import { useClassColour } from '../class-colour.ts';
import { whole } from '../numbers.ts';

export interface FiltersProps {
  readonly index: DataSetIndex;
  readonly boxesByClass: ReadonlyMap<string, number>;
  readonly filter: SampleFilter;
  readonly shown: number;
  /** Pictures that have problems. */
  readonly problematic: number;
  /** Given what makes the next filter of the one that stands. It stays the same function. */
  readonly onChange: (change: (filter: SampleFilter) => SampleFilter) => void;
}

/** So many classes stand there at once; the rest behind a button. */
const MOST_CLASSES = 14;

const SIZE_HINTS = {
  small: 'boxes up to 32 x 32 px',
  medium: 'boxes up to 96 x 96 px',
  large: 'boxes beyond 96 x 96 px',
} as const;

/** What the grid shows: classes, a split, sizes of boxes, problems, a part of the name. */
export function Filters(props: FiltersProps): ReactNode {
  const { index, boxesByClass, filter, shown, problematic, onChange } = props;
  const { split, classes, sizes, withProblems, text } = filter;
  return (
    <div className="filters">
      <Tags
        index={index}
        boxesByClass={boxesByClass}
        split={split}
        classes={classes}
        sizes={sizes}
        onChange={onChange}
      />
      <fieldset>
        <legend className="only-read-aloud">Others</legend>
        {(problematic > 0 || withProblems) && (
          <Tag
            on={withProblems}
            count={problematic}
            onClick={() => onChange((old) => ({ ...old, withProblems: !old.withProblems }))}
          >
            has problems
          </Tag>
        )}
        <Search text={text} onChange={onChange} />
      </fieldset>
      <span className="filter-count small muted" role="status">
        {isOpen(filter) ? '' : `${whole(shown)} of ${whole(index.samples.length)} shown`}
      </span>
      {!isOpen(filter) && <Clear onChange={onChange} />}
    </div>
  );
}

interface SearchProps extends Pick<SampleFilter, 'text'>, Pick<FiltersProps, 'onChange'> {}

const Search = memo(function Search({ text, onChange }: SearchProps): ReactNode {
  return (
    <TextInput
      size="xs"
      type="search"
      className="filter-text"
      aria-label="Search pictures by name"
      placeholder="Search by name"
      value={text}
      onChange={({ currentTarget: { value } }) => onChange((old) => ({ ...old, text: value }))}
    />
  );
});

const Clear = memo(function Clear({ onChange }: Pick<FiltersProps, 'onChange'>): ReactNode {
  return (
    <Button variant="subtle" size="compact-xs" onClick={() => onChange(() => NO_FILTER)}>
      Clear filters
    </Button>
  );
});

interface TagsProps
  extends Pick<SampleFilter, 'split' | 'classes' | 'sizes'>,
    Pick<FiltersProps, 'index' | 'boxesByClass' | 'onChange'> {}

/** What can be chosen by a click. Typing leaves it as it stands. */
const Tags = memo(function Tags(props: TagsProps): ReactNode {
  const { index, boxesByClass, split, classes, sizes, onChange } = props;
  const [all, setAll] = useState(false);
  const colourOf = useClassColour();
  // A split that holds every picture would filter nothing.
  const splits = trainFirst(Object.keys(index.splits)).filter(
    (name) => split === name || (index.splits[name]?.length ?? 0) < index.samples.length,
  );
  const named = index.classes.map((name, labelId) => ({ name, labelId }));
  const listed = all ? named : named.filter(({ name, labelId }) => labelId < MOST_CLASSES || classes.includes(name));
  return (
    <>
      <fieldset>
        <legend className="only-read-aloud">Split</legend>
        {splits.map((name) => (
          <Tag
            key={name}
            on={split === name}
            count={index.splits[name]?.length ?? 0}
            onClick={() => onChange((old) => ({ ...old, split: old.split === name ? null : name }))}
          >
            {name}
          </Tag>
        ))}
      </fieldset>
      <fieldset>
        <legend className="only-read-aloud">Class</legend>
        {listed.map(({ name, labelId }) => (
          <Tag
            key={name}
            on={classes.includes(name)}
            colour={colourOf(name, labelId)}
            count={boxesByClass.get(name) ?? 0}
            onClick={() => onChange((old) => ({ ...old, classes: toggled(old.classes, name) }))}
          >
            {name}
          </Tag>
        ))}
        {named.length > MOST_CLASSES && (
          <Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)}>
            {all ? 'Fewer classes' : `All ${named.length} classes`}
          </Button>
        )}
      </fieldset>
      <fieldset>
        <legend className="only-read-aloud">Size of boxes</legend>
        {BOX_SIZES.map((size) => (
          <Tag
            key={size}
            on={sizes.includes(size)}
            hint={SIZE_HINTS[size]}
            onClick={() => onChange((old) => ({ ...old, sizes: toggled(old.sizes, size) }))}
          >
            {size}
          </Tag>
        ))}
      </fieldset>
    </>
  );
});

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
