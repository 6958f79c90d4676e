import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { isActive } from '../../state/run.ts';
import { useLibrary, useRun, useUpdate } from '../studio.ts';

/** Says that a newer version waits, or has been taken up in another tab. It never reloads by itself, nor while a run goes on. */
export function UpdateNotice(): ReactNode {
  const { waiting, outdated, reload } = useUpdate((state) => state);
  const runs = useRun((state) => isActive(state.phase));
  const imports = useLibrary((state) => state.importing !== null);
  if (!waiting && !outdated) return null;
  const later = runs ? ' It can be taken up when the run has ended.' : ' It can be taken up when the import has ended.';
  return (
    <div className="update" role="alert" data-bad={outdated}>
      <span>
        {outdated ? 'The studio was updated in another tab: reload this one.' : 'A new version is there.'}
        {!outdated && (runs || imports) && later}
      </span>
      <Button size="compact-sm" variant="default" disabled={!outdated && (runs || imports)} onClick={reload}>
        Reload
      </Button>
    </div>
  );
}
