import type { ReactNode } from 'react';
import { useRuns } from '../studio.ts';
import type { Column } from './columns.ts';

/** The head of a column: a button that sorts by it, and turns the order round when it does already. */
export function SortHead({ column, title, explained, figure, wideOnly }: Column): ReactNode {
  const sort = useRuns((state) => state.sort);
  const sortBy = useRuns((state) => state.sortBy);
  const sorted = sort.column === column;
  const classes = [figure ? 'figure' : '', wideOnly ? 'wide-only' : ''].join(' ').trim();
  return (
    <th scope="col" className={classes} {...(sorted ? { 'aria-sort': sort.direction } : {})}>
      <button type="button" className="sort-button" title={explained} onClick={() => sortBy(column)}>
        {title}
        <svg
          className="sort-mark"
          width="8"
          height="8"
          viewBox="0 0 8 8"
          aria-hidden="true"
          data-direction={sorted ? sort.direction : 'none'}
          fill="currentColor"
        >
          <path d="M4 1l3 5H1z" />
        </svg>
      </button>
    </th>
  );
}
