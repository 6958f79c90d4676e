import { Button, Progress } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import { fetchWords, type HubEntry, keptWords } from '../../state/hub.ts';
import { useHub, useStudio } from '../studio.ts';

export interface HubModelRowProps {
  readonly entry: HubEntry;
  readonly onFetch: () => void;
  readonly onUse: () => void;
}

/** One model: what it is, what it takes, and what can be done with it. */
export function HubModelRow({ entry, onFetch, onUse }: HubModelRowProps): ReactNode {
  const { hub } = useStudio();
  const progress = useHub((state) => (state.fetching?.name === entry.name ? state.fetching : null));
  const busy = useHub((state) => state.fetching !== null);
  const [asks, setAsks] = useState(false);
  const { name, title, about, kept } = entry;
  const bytes = kept?.bytes ?? 0;
  return (
    <li className="hub-model" aria-label={name}>
      <div className="hub-words">
        <strong>{title ?? name}</strong>
        {title !== null && (
          <span className="small muted">
            {name}
            {kept === null && progress === null && `, ${keptWords(entry)}`}
          </span>
        )}
        {about !== '' && <span className="small">{about}</span>}
        {progress === null ? (
          (kept !== null || title === null) && <span className="small muted">{keptWords(entry)}</span>
        ) : (
          <>
            <Progress
              value={percentOf(progress)}
              striped={progress.bytesTotal === null}
              animated={progress.bytesTotal === null}
              size="sm"
              transitionDuration={0}
              aria-label={`Fetched of ${name}`}
            />
            <span className="small muted hub-pace">{fetchWords(progress)}</span>
          </>
        )}
      </div>
      <div className="hub-buttons">
        {progress !== null && (
          <Button size="compact-sm" variant="default" onClick={() => void hub.getState().cancel()}>
            Cancel
          </Button>
        )}
        {progress === null && kept?.complete === true && !asks && (
          <Button size="compact-sm" onClick={onUse} aria-label={`Use ${name}`}>
            Use
          </Button>
        )}
        {progress === null && kept?.complete !== true && !asks && (
          <Button
            size="compact-sm"
            variant={kept === null ? 'default' : 'filled'}
            disabled={busy}
            onClick={onFetch}
            aria-label={`${kept === null ? 'Fetch' : 'Resume'} ${name}`}
          >
            {kept === null ? 'Fetch' : 'Resume'}
          </Button>
        )}
        {progress === null && kept !== null && !asks && (
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={busy}
            onClick={() => setAsks(true)}
            aria-label={`Delete ${name}`}
          >
            Delete
          </Button>
        )}
        {asks && (
          <>
            <Button size="compact-sm" variant="default" autoFocus onClick={() => setAsks(false)}>
              Keep it
            </Button>
            <Button
              size="compact-sm"
              color="red"
              onClick={() => {
                setAsks(false);
                void hub.getState().remove(name);
              }}
            >
              Delete {bytesText(bytes)}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

function percentOf({ bytesDone, bytesTotal }: { readonly bytesDone: number; readonly bytesTotal: number | null }) {
  return bytesTotal === null || bytesTotal === 0 ? 100 : Math.min(100, (100 * bytesDone) / bytesTotal);
}
