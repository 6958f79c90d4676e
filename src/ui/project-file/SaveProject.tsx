import { Button, Checkbox, Group } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { DataSetSummary, RunSummary } from '../../rpc/protocol.ts';
import { savedWords } from '../../state/project.ts';
import { download } from '../download.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useLibrary, useProject, useRuns } from '../studio.ts';
import { Going } from './Going.tsx';

/** Chooses sets and runs, all of them at first, and saves them as one file. */
export function SaveProject(): ReactNode {
  const sets = useLibrary((state) => state.sets);
  const runs = useRuns((state) => state.runs);
  const error = useProject((state) => state.error);
  const receipt = useProject((state) => state.receipt);
  const progress = useProject((state) => state.progress);
  const { save, close } = useProject((state) => state);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const own = useMemo(() => sets?.filter(({ bundled }) => !bundled) ?? [], [sets]);
  const ended = useMemo(() => runs?.filter(({ status }) => status !== 'going') ?? [], [runs]);
  const goes = ({ id }: { readonly id: string }): boolean => !left.has(id);
  const chosen = [...own, ...ended].filter(goes);
  const bytes = chosen.reduce((sum, each) => sum + each.bytes, 0);

  const choose = (id: string, wanted: boolean, alongId?: string): void => {
    const next = new Set(left);
    if (wanted) {
      next.delete(id);
      // What it was trained on comes along; that can be left out again.
      if (alongId !== undefined) next.delete(alongId);
    } else next.add(id);
    setLeft(next);
  };
  if (progress !== null) return <Going progress={progress} />;
  return (
    <>
      {own.length + (runs?.length ?? 0) === 0 ? (
        <p>There is nothing to save yet: import a data set, or train a run.</p>
      ) : (
        <>
          <p className="small muted">
            One zip with pictures, labels, versions, curves, weights and the colours of classes. This browser, or
            another one, opens it again.
          </p>
          <Choices title="Data sets" items={own} goes={goes} onChoose={choose} says={setSays} />
          <Choices
            title="Runs"
            items={ended}
            goes={goes}
            onChoose={choose}
            says={runSays}
            along={(run) => run.dataSet.id}
          />
          {runs !== null && ended.length < runs.length && (
            <p className="small muted">A run that is training can be saved once it has ended.</p>
          )}
        </>
      )}
      {error !== null && <ErrorNote title="The project was not saved" message={error.message} />}
      {receipt !== null && (
        <section className="said project-receipt" aria-label="What was saved" role="status">
          <strong>{savedWords(receipt)}</strong>
          <p className="small muted">
            sha256 <code>{receipt.sha256}</code>
          </p>
        </section>
      )}
      <Group justify="space-between" mt={14}>
        <span className="small muted">About {bytesText(bytes)}</span>
        <Group gap={8}>
          <Button variant="default" onClick={close}>
            Close
          </Button>
          <Button
            disabled={chosen.length === 0}
            onClick={() =>
              void save(
                { sets: own.filter(goes).map(({ id }) => id), runs: ended.filter(goes).map(({ id }) => id) },
                (file) => download(file.name, [file.blob], 'application/zip'),
              )
            }
          >
            Save
          </Button>
        </Group>
      </Group>
    </>
  );
}

interface ChoicesProps<Item> {
  readonly title: string;
  readonly items: readonly Item[];
  readonly goes: (item: Item) => boolean;
  readonly says: (item: Item) => string;
  /** The id of what is chosen along with it. */
  readonly along?: (item: Item) => string;
  readonly onChoose: (id: string, wanted: boolean, alongId?: string) => void;
}

function Choices<Item extends { readonly id: string; readonly name: string }>({
  title,
  items,
  goes,
  says,
  along,
  onChoose,
}: ChoicesProps<Item>): ReactNode {
  if (items.length === 0) return null;
  return (
    <fieldset className="project-choices">
      <legend>{title}</legend>
      {items.map((item) => (
        <Checkbox
          key={item.id}
          size="sm"
          checked={goes(item)}
          label={item.name}
          description={says(item)}
          onChange={({ currentTarget }) => onChoose(item.id, currentTarget.checked, along?.(item))}
        />
      ))}
    </fieldset>
  );
}

function setSays({ images, bytes, version, edited = 0 }: DataSetSummary): string {
  const versions = version === undefined ? '' : `, ${version} versions`;
  return `${images} images${versions}${edited > 0 ? ` and ${edited} edited since` : ''}, ${bytesText(bytes)}`;
}

function runSays({ dataSet, stepsDone, bytes }: RunSummary): string {
  const version = dataSet.version === undefined ? '' : `, version ${dataSet.version}`;
  return `${stepsDone} steps on ${dataSet.name}${version}, ${bytesText(bytes)}`;
}
