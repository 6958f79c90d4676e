import { Button, Modal } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { DataSetSummary, SetHistory } from '../../rpc/protocol.ts';
import { differenceWords } from '../../state/difference-words.ts';
import { whyFixed } from '../../state/fixed-set.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { whole } from '../numbers.ts';
import { useLibrary, useStudio } from '../studio.ts';
import { ComparedVersions } from './ComparedVersions.tsx';
import { VersionRow } from './VersionRow.tsx';
import './versions.css';

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
  const [compared, setCompared] = useState<number | null>(null);
  const [asksToForget, setAsksToForget] = useState(false);

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

  const forget = (): Promise<void> => {
    setAsksToForget(false);
    return act(async () => {
      const { freedBytes } = await files.forgetVersions(set.id);
      return `Older versions are forgotten; ${bytesText(freedBytes)} were freed.`;
    });
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
            onCompare={() => setCompared(version.number)}
          />
        ))}
      </ol>
      {compared !== null && history !== null && (
        <ComparedVersions
          key={`${compared} ${set.revision}`}
          set={set}
          versions={history.versions}
          first={compared}
          onOpen={onOpen}
        />
      )}
      {history !== null && history.versions.length > 1 && (
        <Button
          variant="default"
          size="compact-sm"
          className="forget-versions"
          disabled={busy}
          onClick={() => setAsksToForget(true)}
        >
          Forget all but the newest
        </Button>
      )}
      <Modal opened={asksToForget} onClose={() => setAsksToForget(false)} title="Forget older versions?">
        <div className="address-form">
          <p>
            {whole((history?.versions.length ?? 1) - 1)} older{' '}
            {history?.versions.length === 2 ? 'version is' : 'versions are'} forgotten, with the pictures that only{' '}
            {history?.versions.length === 2 ? 'it has' : 'they have'}. This cannot be undone; the set as it is now
            stays.
          </p>
          <div className="form-buttons">
            <Button variant="default" data-autofocus onClick={() => setAsksToForget(false)}>
              Keep them
            </Button>
            <Button color="red" onClick={() => void forget()}>
              Forget them
            </Button>
          </div>
        </div>
      </Modal>
    </div>
  );
}
