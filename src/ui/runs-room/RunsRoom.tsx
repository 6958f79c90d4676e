import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { rangeOfRuns, shownRuns } from '../../state/runs-order.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { ExportDialog } from '../export/ExportDialog.tsx';
import { useRuns, useStudio } from '../studio.ts';
import { Comparison } from './Comparison.tsx';
import { DeleteRuns } from './DeleteRuns.tsx';
import { NoRuns } from './NoRuns.tsx';
import { RunFacts } from './RunFacts.tsx';
import { runMenuId } from './RunMenu.tsx';
import type { RowEvents } from './RunRow.tsx';
import { RunsHead } from './RunsHead.tsx';
import { RunsMessages } from './RunsMessages.tsx';
import { RunsTable } from './RunsTable.tsx';
import { MOST_COMPARED } from './run-lines.ts';
import { useLiveRuns } from './use-live-runs.ts';
import { useRunActions } from './use-run-actions.ts';
import './runs.css';

/** Runs: the table of what was trained in this browser, and below it one run's facts or several compared. */
export function RunsRoom(): ReactNode {
  const kept = useLiveRuns();
  const error = useRuns((state) => state.error);
  const refresh = useRuns((state) => state.refresh);
  if (kept === null) {
    if (error === null) return <div className="runs-room" aria-busy="true" />;
    return (
      <div className="runs-room">
        <h1>Runs</h1>
        <ErrorNote title="The runs cannot be read" message={error.message}>
          <Button size="xs" variant="default" mt={8} onClick={() => void refresh()}>
            Try again
          </Button>
        </ErrorNote>
      </div>
    );
  }
  if (kept.length === 0) return <NoRuns />;
  return <KeptRuns kept={kept} />;
}

function KeptRuns({ kept }: { readonly kept: NonNullable<ReturnType<typeof useLiveRuns>> }): ReactNode {
  const { runs } = useStudio();
  const selected = useRuns((state) => state.selected);
  const sort = useRuns((state) => state.sort);
  const filter = useRuns((state) => state.filter);
  const [renamingId, setRenamingId] = useState<string | null>(null);
  const [askedAbout, setAskedAbout] = useState<readonly string[]>([]);
  const lastChosen = useRef<string | null>(null);
  const actions = useRunActions();
  const shown = useMemo(() => shownRuns(kept, filter, sort), [kept, filter, sort]);
  const newest = useRef(shown);
  newest.current = shown;

  const events = useMemo<RowEvents>(
    () => ({
      toggle(id, chosen, range) {
        const ids = range ? rangeOfRuns(newest.current, lastChosen.current, id) : [id];
        const others = runs.getState().selected.filter((other) => !ids.includes(other));
        runs.getState().select(chosen ? [...others, ...ids] : others);
        lastChosen.current = id;
      },
      showOnly(id) {
        runs.getState().select([id]);
        lastChosen.current = id;
      },
      rename: setRenamingId,
      keepName: (id, name) => void runs.getState().rename(id, name),
      askToDelete: (id) => setAskedAbout([id]),
    }),
    [runs],
  );
  const chooseAll = useCallback(
    (chosen: boolean) => runs.getState().select(chosen ? newest.current.map(({ id }) => id) : []),
    [runs],
  );
  const byId = useMemo(() => new Map(kept.map((run) => [run.id, run])), [kept]);
  const find = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []);
  const chosen = find(selected);
  const only = chosen.length === 1 ? chosen[0] : undefined;

  const focusMenu = (id: string | undefined): void => {
    if (id !== undefined) requestAnimationFrame(() => document.getElementById(runMenuId(id))?.focus());
  };
  const endAsking = (): void => {
    setAskedAbout([]);
    focusMenu(askedAbout[0]);
  };
  const remove = async (): Promise<void> => {
    const first = shown.findIndex(({ id }) => askedAbout.includes(id));
    const left = shown.filter(({ id }) => !askedAbout.includes(id));
    setAskedAbout([]);
    await runs.getState().remove(askedAbout);
    // What had the focus is gone with its row: the one that took its place has it.
    focusMenu((left[first] ?? left.at(-1))?.id);
  };

  return (
    <div className="runs-room">
      <RunsHead runs={kept} shown={shown.length} />
      <RunsMessages />
      <ExportDialog />
      <RunsTable
        runs={shown}
        renamingId={renamingId}
        askedAbout={askedAbout}
        actions={actions}
        events={events}
        onChooseAll={chooseAll}
      />
      {shown.length === 0 && (
        <p className="said">No run has all of “{filter.trim()}” in its name, note, data or start.</p>
      )}
      {chosen.length === 0 && (
        <p className="muted runs-hint">
          Choose a run to see its settings and curves, or up to {MOST_COMPARED} to compare them.
        </p>
      )}
      {only !== undefined && <RunFacts key={only.id} run={only} actions={actions} />}
      {chosen.length > 1 && <Comparison chosen={chosen} onDelete={() => setAskedAbout(chosen.map(({ id }) => id))} />}
      <DeleteRuns runs={find(askedAbout)} onDelete={() => void remove()} onCancel={endAsking} />
    </div>
  );
}
