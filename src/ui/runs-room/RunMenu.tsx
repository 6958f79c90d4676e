import { ActionIcon, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { RunSummary } from '../../rpc/protocol.ts';
import { canContinue, checkpointOf } from '../../state/runs.ts';
import { MoreIcon } from '../MoreIcon.tsx';
import type { RunActions } from './use-run-actions.ts';

export interface RunMenuProps {
  readonly run: RunSummary;
  readonly actions: RunActions;
  readonly busy: boolean;
  /** False where what was chosen here takes the focus for itself. */
  readonly returnsFocus: boolean;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

/** The id of the element that opens the menu of a run, to give the focus back to. */
export function runMenuId(runId: string): string {
  return `run-menu-${runId}`;
}

/** What can be done with one run. What it cannot do is not offered, and what it cannot do yet says why. */
export function RunMenu({ run, actions, busy, returnsFocus, onRename, onDelete }: RunMenuProps): ReactNode {
  const hasWeights = checkpointOf(run) !== null;
  const going = run.status === 'going';
  return (
    <Menu position="bottom-end" shadow="md" withinPortal returnFocus={returnsFocus}>
      <Menu.Target>
        <ActionIcon
          id={runMenuId(run.id)}
          variant="subtle"
          color="gray"
          size={28}
          loading={busy}
          aria-label={`What to do with ${run.name}`}
        >
          <MoreIcon widthPx={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {canContinue(run) && (
          <Menu.Item onClick={() => actions.resume(run)}>Resume at step {run.checkpointStep}</Menu.Item>
        )}
        {hasWeights && (
          <>
            <Menu.Item onClick={() => actions.tryIt(run)}>Try it on a picture</Menu.Item>
            <Menu.Item onClick={() => actions.evaluate(run)}>Evaluate</Menu.Item>
            {!going && <Menu.Item onClick={() => actions.trainFrom(run)}>Train on from it</Menu.Item>}
            <Menu.Item onClick={() => void actions.downloadWeights(run)}>Download weights</Menu.Item>
            <Menu.Item onClick={() => actions.exportModel(run)}>Export for other programs</Menu.Item>
          </>
        )}
        {!hasWeights && <Menu.Label>It has no weights: none were saved yet</Menu.Label>}
        <Menu.Divider />
        <Menu.Item onClick={onRename}>Rename</Menu.Item>
        <Menu.Item onClick={() => void actions.copyLink(run)}>Copy link to these settings</Menu.Item>
        <Menu.Item onClick={() => void actions.exportZip(run)}>Export as zip</Menu.Item>
        <Menu.Divider />
        <Menu.Item disabled={going} color="var(--d-bad)" onClick={onDelete}>
          {going ? 'Delete (stop it first)' : `Delete, frees ${bytesText(run.bytes)}`}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
