import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { InterruptedImport } from '../../rpc/protocol.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useFileDialog } from '../FileDialog.tsx';
import { whole } from '../numbers.ts';
import { useLibrary } from '../studio.ts';
import { FileChoice } from './FileChoice.tsx';
import { PartsNote } from './PartsNote.tsx';

/** Imports that did not come to their end, each to go on with or to discard. */
export function InterruptedImports(): ReactNode {
  const interrupted = useLibrary((state) => state.interrupted);
  const importing = useLibrary((state) => state.importing?.name ?? null);
  return interrupted
    .filter(({ name }) => name !== importing)
    .map((stopped) => <Interrupted key={stopped.id} stopped={stopped} busy={importing !== null} />);
}

function Interrupted({ stopped, busy }: { readonly stopped: InterruptedImport; readonly busy: boolean }): ReactNode {
  const { id, name, address, picturesStored, bytesStored } = stopped;
  const hasSource = useLibrary((state) => state.lastSourceName === name);
  const canGoOn = hasSource || address !== null;
  const fault = useLibrary((state) => (state.removeError?.id === id ? state.removeError.error : null));
  const retry = useLibrary((state) => state.retryImport);
  const importFrom = useLibrary((state) => state.importFrom);
  const goOn = (): Promise<void> =>
    address === null || hasSource ? retry() : importFrom({ kind: 'address', url: address });
  const discard = useLibrary((state) => state.discardImport);
  const files = useFileDialog();
  const folder = useFileDialog();
  const pictures = picturesStored === 1 ? '1 picture' : `${whole(picturesStored)} pictures`;
  return (
    <section className="import-status said" aria-label={`Import of ${name} stopped`}>
      <p>
        <strong>
          Import of "{name}" stopped at {pictures}
        </strong>{' '}
        <span className="muted">({bytesText(bytesStored)} stored).</span>{' '}
        {canGoOn ? 'It goes on where it was.' : 'Choose the same files again to go on.'}
        {address !== null && <span className="import-address muted small">{address}</span>}
      </p>
      <PartsNote of={id} />
      <div className="note-buttons">
        {canGoOn ? (
          <Button size="compact-sm" disabled={busy} onClick={() => void goOn()}>
            Go on
          </Button>
        ) : (
          <>
            <Button variant="default" size="compact-sm" disabled={busy} onClick={files.open}>
              Choose files
            </Button>
            <Button variant="default" size="compact-sm" disabled={busy} onClick={folder.open}>
              Choose folder
            </Button>
          </>
        )}
        <Button variant="subtle" size="compact-sm" disabled={busy} onClick={() => void discard(id)}>
          Discard
        </Button>
      </div>
      <FileChoice label={`Files of ${name}`} folder={false} dialog={files} name={name} />
      <FileChoice label={`Folder of ${name}`} folder dialog={folder} name={name} />
      {fault !== null && <ErrorNote title="It was not discarded" message={fault.message} />}
    </section>
  );
}
