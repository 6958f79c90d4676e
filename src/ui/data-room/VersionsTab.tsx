import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { DataSetSummary, SetDifference, SetHistory, SetVersion } from '../../rpc/protocol.ts';
import { differenceWords } from '../../state/difference-words.ts';
import { whyFixed } from '../../state/fixed-set.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { whole } from '../numbers.ts';
import { useLibrary, useRuns, useStudio } from '../studio.ts';

export interface VersionsTabProps {
  readonly set: DataSetSummary;
  readonly onOpen: (sampleId: string) => void;
}

/** The states of a set that are kept: what was done, how they differ, and the way back. */
export function VersionsTab({ set, onOpen }: VersionsTabProps): ReactNode {
  const { files } = useStudio();
  const fixed = whyFixed(set);
  const refresh = useLibrary((state) => state.refresh);
  const [history, setHistory] = useState<SetHistory | null>(null);
  const [error, setError] = useState<StudioError | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const [compared, setCompared] = useState<{ readonly from: number; readonly difference: SetDifference } | null>(null);

  const load = useCallback(async () => {
    try {
      setHistory(await files.setHistory(set.id));
    } catch (thrown) {
      setError(toStudioError(thrown));
    }
  }, [files, set.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is kept is another after each revision.
  useEffect(() => {
    if (fixed === null) void load();
  }, [load, fixed, set.revision]);

  const act = async (work: () => Promise<string>): Promise<void> => {
    setBusy(true);
    setError(null);
    setCompared(null);
    try {
      setSaid(await work());
      await refresh();
      await load();
    } catch (thrown) {
      setError(toStudioError(thrown));
    }
    setBusy(false);
  };

  if (fixed !== null) {
    return (
      <div className="set-body nothing-fits">
        <p>{fixed} It has no versions.</p>
      </div>
    );
  }
  return (
    <div className="set-body versions">
      {error !== null && <ErrorNote title="That was not done" message={error.message} />}
      <p className="small muted" role="status">
        {said}
      </p>
      {history?.open != null && (
        <p className="said">
          Edited since version {history.versions[0]?.number}: {differenceWords(history.open)}. A run closes this
          version.
        </p>
      )}
      <ol className="version-list" aria-label={`Versions of ${set.name}, the newest first`}>
        {history?.versions.map((version, place) => (
          <VersionRow
            key={version.number}
            set={set}
            version={version}
            isNow={place === 0 && history.open === null}
            busy={busy}
            onName={(name) =>
              act(async () => {
                await files.nameVersion(set.id, version.number, name);
                return name.trim() === ''
                  ? 'The name was taken away.'
                  : `Version ${version.number} is "${name.trim()}".`;
              })
            }
            onRestore={() =>
              act(async () => {
                const made = await files.restoreVersion(set.id, version.number);
                return `The set is what it was in version ${version.number}, as version ${made.number}.`;
              })
            }
            onCompare={() =>
              act(async () => {
                const difference = await files.compareVersions(set.id, version.number, null);
                setCompared({ from: version.number, difference });
                return '';
              })
            }
          />
        ))}
      </ol>
      {compared !== null && <Compared {...compared} onOpen={onOpen} />}
      {history !== null && history.versions.length > 1 && (
        <Button
          variant="default"
          size="compact-sm"
          className="forget-versions"
          disabled={busy}
          onClick={() =>
            void act(async () => {
              const { freedBytes } = await files.forgetVersions(set.id);
              return `Older versions are forgotten; ${bytesText(freedBytes)} are free.`;
            })
          }
        >
          Forget all but the newest
        </Button>
      )}
    </div>
  );
}

interface VersionRowProps {
  readonly set: DataSetSummary;
  readonly version: SetVersion;
  /** Whether the set is what it was then. */
  readonly isNow: boolean;
  readonly busy: boolean;
  readonly onName: (name: string) => Promise<void>;
  readonly onRestore: () => Promise<void>;
  readonly onCompare: () => Promise<void>;
}

function VersionRow({ set, version, isNow, busy, onName, onRestore, onCompare }: VersionRowProps): ReactNode {
  const { number, name, what, madeAtMs, images, boxes, hash } = version;
  const runs = useRuns((state) => state.runs);
  const [typed, setTyped] = useState(name ?? '');
  const usedBy = runs?.filter((run) => run.dataSet.id === set.id && run.dataSet.hash === hash) ?? [];
  return (
    <li className="version">
      <div className="version-head">
        <strong>{number}</strong>
        <span>{what}</span>
        <span className="small muted">{new Date(madeAtMs).toLocaleString()}</span>
      </div>
      <p className="small muted">
        {whole(images)} images, {whole(boxes)} boxes{number > 1 && `: ${differenceWords(version.difference)}`}
        {usedBy.length > 0 && `. Trained on by ${usedBy.map((run) => `"${run.name}"`).join(', ')}`}
      </p>
      <div className="version-buttons">
        <TextInput
          size="xs"
          aria-label={`Name of version ${number}`}
          placeholder="Name it"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          onKeyDown={({ key }) => key === 'Enter' && void onName(typed)}
          onBlur={() => typed.trim() !== (name ?? '') && void onName(typed)}
        />
        {!isNow && (
          <>
            <Button variant="default" size="compact-sm" disabled={busy} onClick={() => void onCompare()}>
              Compare with now
            </Button>
            <Button variant="default" size="compact-sm" disabled={busy} onClick={() => void onRestore()}>
              Go back to it
            </Button>
          </>
        )}
        {isNow && <span className="small">the set as it is now</span>}
      </div>
    </li>
  );
}

interface ComparedProps {
  readonly from: number;
  readonly difference: SetDifference;
  readonly onOpen: (sampleId: string) => void;
}

const MOST_LISTED = 200;

function Compared({ from, difference, onOpen }: ComparedProps): ReactNode {
  const { samples } = difference;
  return (
    <section className="card check-part" aria-labelledby="versions-compared">
      <h2 id="versions-compared">From version {from} to now</h2>
      <p className="small">{differenceWords(difference)}.</p>
      <ul className="check-list">
        {samples.slice(0, MOST_LISTED).map(({ sampleId, picture, added, removed, changed }) => (
          <li key={sampleId}>
            {picture === 'removed' ? (
              <span>{sampleId}</span>
            ) : (
              <button type="button" className="link-button" onClick={() => onOpen(sampleId)}>
                {sampleId}
              </button>
            )}{' '}
            <span className="muted small">
              {[
                picture === 'kept' ? '' : `picture ${picture}`,
                added > 0 ? `${whole(added)} added` : '',
                removed > 0 ? `${whole(removed)} removed` : '',
                changed > 0 ? `${whole(changed)} changed` : '',
              ]
                .filter((part) => part !== '')
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
      {samples.length > MOST_LISTED && <p className="small muted">and {whole(samples.length - MOST_LISTED)} more</p>}
    </section>
  );
}
