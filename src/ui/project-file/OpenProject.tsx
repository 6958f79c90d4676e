import { Button, Group, Radio } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { ProjectMode } from '../../rpc/protocol.ts';
import { takenWords } from '../../state/project.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useProject } from '../studio.ts';
import { Going } from './Going.tsx';

/** A project file that was given: how it comes in, and what came of it. */
export function OpenProject(): ReactNode {
  const given = useProject((state) => state.given);
  const progress = useProject((state) => state.progress);
  const error = useProject((state) => state.error);
  const result = useProject((state) => state.result);
  const tookSettings = useProject((state) => state.tookSettings);
  const { open, close } = useProject((state) => state);
  const [mode, setMode] = useState<ProjectMode>('merge');
  if (progress !== null) return <Going progress={progress} />;
  if (given === null) return null;
  const added = [...(result?.sets.added ?? []), ...(result?.runs.added ?? [])];
  return (
    <>
      <p>
        <strong>{given.name}</strong>, {bytesText(given.size)}
      </p>
      {result === null && (
        <Radio.Group value={mode} onChange={(value) => setMode(value as ProjectMode)} aria-label="How it comes in">
          <div className="project-choices">
            <Radio
              value="merge"
              size="sm"
              label="Add what is missing"
              description="Sets and runs that are here with the same content are not added again."
            />
            <Radio
              value="beside"
              size="sm"
              label="Add everything side by side"
              description="All comes in anew, under names of its own."
            />
          </div>
        </Radio.Group>
      )}
      {error !== null && <ErrorNote title="The project was not opened" message={error.message} />}
      {result === null ? (
        <p className="small muted">
          Every part is checked. Nothing that is here changes; colours and other settings come in where none was chosen
          here.
        </p>
      ) : (
        <section className="said project-receipt" aria-label="What was added" role="status">
          <strong>{takenWords(result, tookSettings)}</strong>
          {added.length > 0 && <p className="small muted">{added.map(({ name }) => name).join(', ')}</p>}
        </section>
      )}
      <Group justify="flex-end" gap={8} mt={14}>
        <Button variant="default" onClick={close}>
          Close
        </Button>
        {result === null && <Button onClick={() => void open(mode)}>Open</Button>}
      </Group>
    </>
  );
}
