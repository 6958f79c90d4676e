import { Button, Group, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { durationText } from '../../base/duration-text.ts';
import type { ProjectProgress } from '../../rpc/protocol.ts';
import { projectStatus } from '../../state/project.ts';
import { useProject } from '../studio.ts';

/** How far a project is on its way, and what ends it. */
export function Going({ progress }: { readonly progress: ProjectProgress }): ReactNode {
  const { cancel, close } = useProject((state) => state);
  const status = projectStatus(progress);
  const left = progress.secondsLeft === null ? '' : `, ${durationText(progress.secondsLeft)} left`;
  return (
    <>
      <p>
        <strong>{status?.what}</strong>
      </p>
      <Progress value={100 * (status?.fraction ?? 0)} size="sm" transitionDuration={0} aria-label="Bytes done" />
      <p className="small muted" role="status">
        {status?.howFar} {status?.rate}
        {left}
      </p>
      <Group justify="flex-end" gap={8} mt={14}>
        <Button variant="default" onClick={() => void cancel()}>
          Cancel
        </Button>
        <Button variant="default" onClick={close}>
          Go on in the background
        </Button>
      </Group>
    </>
  );
}
