import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { RunSummary } from '../../rpc/protocol.ts';

export interface DeleteRunsProps {
  /** Those that are asked about; none while nothing is. */
  readonly runs: readonly RunSummary[];
  readonly onDelete: () => void;
  readonly onCancel: () => void;
}

/** Asks before runs are deleted, and names what goes and the space that it frees. */
export function DeleteRuns({ runs, onDelete, onCancel }: DeleteRunsProps): ReactNode {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const what = runs.length === 1 ? `“${runs[0]?.name ?? ''}”` : `${runs.length} runs`;
  return (
    <Modal
      opened={runs.length > 0}
      onClose={onCancel}
      title={`Delete ${what}?`}
      closeButtonProps={{ 'aria-label': 'Keep it' }}
      returnFocus={false}
      size="sm"
    >
      <p>
        {runs.length === 1 ? 'Its' : 'Their'} weights, curves and settings go from this browser for good.{' '}
        {bytesText(bytes)} are freed. What you downloaded stays.
      </p>
      <Group justify="flex-end" mt={16} gap={8}>
        <Button variant="default" onClick={onCancel} data-autofocus>
          Keep
        </Button>
        <Button className="button-bad" onClick={onDelete}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
