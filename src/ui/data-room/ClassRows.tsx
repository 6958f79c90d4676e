import { Button, Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ClassRow } from '../../state/class-rows.ts';
import { whole } from '../numbers.ts';
import { ClassColourButton } from './ClassColourButton.tsx';

export interface ClassRowsProps {
  readonly rows: readonly ClassRow[];
  readonly chosen: ReadonlySet<string>;
  readonly disabled: boolean;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  readonly onRename: (name: string) => void;
  readonly onDelete: (name: string) => void;
}

/** The classes with their boxes; some can be chosen to be merged or deleted together. */
export function ClassRows({ rows, chosen, disabled, onChoose, onRename, onDelete }: ClassRowsProps): ReactNode {
  const toggle = (name: string, isOn: boolean): void => {
    const next = new Set(chosen);
    if (isOn) next.add(name);
    else next.delete(name);
    onChoose(next);
  };
  return (
    <div className="table-scroll">
      <table className="class-rows">
        <thead>
          <tr>
            <th scope="col">
              <span className="only-read-aloud">Chosen</span>
            </th>
            <th scope="col">Class</th>
            <th scope="col">Boxes</th>
            <th scope="col">Pictures</th>
            <th scope="col">
              <span className="only-read-aloud">Changes</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, labelId, boxes, pictures }) => (
            <tr key={name}>
              <td>
                <Checkbox
                  size="xs"
                  aria-label={`Choose ${name}`}
                  checked={chosen.has(name)}
                  disabled={disabled}
                  onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
                />
              </td>
              <th scope="row">
                <ClassColourButton name={name} labelId={labelId} />
                {name}
              </th>
              <td>{boxes === 0 ? <span className="muted">no box</span> : whole(boxes)}</td>
              <td className="muted">{whole(pictures)}</td>
              <td>
                <span className="class-row-buttons">
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    disabled={disabled}
                    aria-label={`Rename ${name}`}
                    onClick={() => onRename(name)}
                  >
                    Rename
                  </Button>
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    disabled={disabled}
                    aria-label={`Delete ${name}`}
                    onClick={() => onDelete(name)}
                  >
                    Delete
                  </Button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
