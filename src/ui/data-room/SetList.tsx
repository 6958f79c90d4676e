import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { DataSetSummary } from '../../rpc/protocol.ts';
import { keptWords, spaceWords } from '../../state/import-words.ts';
import { chosenSet, KEPT_FEATURES } from '../../state/library.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { counted } from '../numbers.ts';
import { useLibrary, useStudio } from '../studio.ts';
import { ImportButton } from './ImportButton.tsx';
import { ImportStatus } from './ImportStatus.tsx';
import { InterruptedImports } from './InterruptedImports.tsx';
import { OfferedSets } from './OfferedSets.tsx';

/** The sets, what is being imported, and the space they take. */
export function SetList({ onShowProblems }: { readonly onShowProblems: () => void }): ReactNode {
  const sets = useLibrary((state) => state.sets);
  const arriving = useLibrary((state) => state.arriving);
  const error = useLibrary((state) => state.error);
  const chosenId = useLibrary((state) => chosenSet(state)?.id ?? null);
  const choose = useLibrary((state) => state.choose);
  const refresh = useLibrary((state) => state.refresh);
  return (
    <section className="side data-side" aria-labelledby="sets-title">
      <h1 id="sets-title">Data sets</h1>
      {sets === null && error === null && (
        <div className="set-list" aria-busy="true">
          <Skeleton height={72} radius={8} animate={false} />
        </div>
      )}
      {error !== null && (
        <ErrorNote title="The data sets cannot be listed" message={error.message}>
          <div className="note-buttons">
            <Button variant="default" size="compact-sm" onClick={() => void refresh()}>
              Try again
            </Button>
          </div>
        </ErrorNote>
      )}
      {sets !== null && (
        <ul className="set-list">
          {sets.map((set) => (
            <li key={set.id}>
              <SetItem set={set} chosen={set.id === chosenId} onChoose={() => choose(set.id)} />
            </li>
          ))}
          {arriving !== null && (
            <li>
              <SetItem set={arriving} chosen={arriving.id === chosenId} onChoose={() => choose(arriving.id)} arriving />
            </li>
          )}
        </ul>
      )}
      <OfferedSets />
      <ImportButton />
      <ImportStatus onShowProblems={onShowProblems} />
      <InterruptedImports />
      <Space />
    </section>
  );
}

interface SetItemProps {
  readonly set: DataSetSummary;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  /** More of it is on its way. */
  readonly arriving?: boolean;
}

function SetItem({ set, chosen, onChoose, arriving = false }: SetItemProps): ReactNode {
  const { name, bundled, images, boxes, classes, bytes, hash, importedAtMs, problems, picturesOf } = set;
  const place = bundled
    ? 'comes with the studio'
    : picturesOf === undefined
      ? bytesText(bytes)
      : 'pictures of the whole set';
  const counts = [
    counted(images, 'image', 'images'),
    counted(boxes, 'box', 'boxes'),
    counted(classes.length, 'class', 'classes'),
  ];
  return (
    <button type="button" className="set" aria-current={chosen} onClick={onChoose}>
      <span className="set-name">{name}</span>
      <span className="set-line">{counts.join(', ')}</span>
      <span className="set-line">
        {place}
        {problems > 0 && `, ${counted(problems, 'problem', 'problems')}`}
      </span>
      <span className="set-line">
        {importedAtMs !== null && `${dateText(importedAtMs)}, `}
        {arriving ? (
          'more is on its way'
        ) : (
          <span className="set-hash" title={`SHA-256 of its ids, boxes and pictures: ${hash}`}>
            {hash.slice(0, 8)}
          </span>
        )}
      </span>
    </button>
  );
}

function Space(): ReactNode {
  const space = useLibrary((state) => state.space);
  const keeps = useLibrary((state) => state.sets?.some(({ bundled }) => !bundled) ?? false);
  const { project } = useStudio();
  const removed = useLibrary((state) => state.lastRemoval);
  const ask = useLibrary((state) => state.askToKeep);
  const featureBytes = useLibrary((state) => state.featureBytes);
  const removeFeatures = useLibrary((state) => state.removeFeatures);
  const fault = useLibrary((state) => (state.removeError?.id === KEPT_FEATURES ? state.removeError.error : null));
  return (
    <div className="space small muted">
      <p role="status">
        {removed !== null &&
          `${removed.name === null ? 'The kept features were' : `"${removed.name}" was`} deleted: ${bytesText(removed.freedBytes)} freed.`}
      </p>
      {space !== null && (
        <p>
          {spaceWords(space)} {keptWords(space.persisted)}
        </p>
      )}
      {featureBytes > 0 && (
        <p>
          {bytesText(featureBytes)} of it are features that training with a frozen backbone has kept.{' '}
          <Button variant="subtle" size="compact-xs" onClick={() => void removeFeatures()}>
            Delete the kept features
          </Button>
        </p>
      )}
      {fault !== null && <ErrorNote title="The kept features were not deleted" message={fault.message} />}
      {space?.persisted === false && (
        <Button variant="subtle" size="compact-xs" onClick={() => void ask()}>
          Ask the browser to keep it
        </Button>
      )}
      {space?.persisted === false && keeps && (
        <p>
          This browser may delete what is kept here:{' '}
          <Button variant="subtle" size="compact-xs" onClick={() => project.getState().askToSave()}>
            save a project file
          </Button>
        </p>
      )}
    </div>
  );
}

function dateText(ms: number): string {
  return new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
