import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { DataSetSummary, SetVersion } from '../../rpc/protocol.ts';
import { differenceWords } from '../../state/difference-words.ts';
import { runsOfVersion } from '../../state/version-runs.ts';
import { whole } from '../numbers.ts';
import { useRuns } from '../studio.ts';

export interface VersionRowProps {
  readonly set: DataSetSummary;
  readonly version: SetVersion;
  /** Whether the set is what it was then. */
  readonly isNow: boolean;
  readonly busy: boolean;
  readonly onName: (name: string) => Promise<void>;
  readonly onRestore: () => Promise<void>;
  readonly onCompare: () => void;
}

/** One version: what was done, how it differs from the one before, and what can be done with it. */
export function VersionRow({ set, version, isNow, busy, onName, onRestore, onCompare }: VersionRowProps): ReactNode {
  const { number, name, what, madeAtMs, images, boxes } = version;
  const runs = useRuns((state) => state.runs);
  const [typed, setTyped] = useState(name ?? '');
  const usedBy = runsOfVersion(runs ?? [], set.id, version);
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
            <Button variant="default" size="compact-sm" disabled={busy} onClick={onCompare}>
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
