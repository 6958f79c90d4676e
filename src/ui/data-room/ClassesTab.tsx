import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useMemo, useState } from 'react';
import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { ClassChange, DataSetIndex, DataSetSummary, SetVersion } from '../../rpc/protocol.ts';
import { alikeClasses, type ClassQuestion, classRows, deleteQuestion, mergeQuestion } from '../../state/class-rows.ts';
import { whyFixed } from '../../state/fixed-set.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useLibrary, useStudio } from '../studio.ts';
import { ClassQuestionDialog } from './ClassQuestionDialog.tsx';
import { ClassRows } from './ClassRows.tsx';
import { CopyToEdit } from './CopyToEdit.tsx';
import './classes.css';

export interface ClassesTabProps {
  readonly set: DataSetSummary;
  readonly index: DataSetIndex;
}

/** The classes of a set: added, renamed, merged and deleted, each as a version that can be undone. */
export function ClassesTab({ set, index }: ClassesTabProps): ReactNode {
  const { preferences } = useStudio();
  const { busy, fault, made, change, undo } = useClassChanges(set);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<ClassQuestion | { readonly rename: string } | null>(null);
  const rows = useMemo(() => classRows(index), [index]);
  const alike = useMemo(() => alikeClasses(index.classes), [index.classes]);
  const picked = index.classes.filter((name) => chosen.has(name));
  const isFixed = whyFixed(set) !== null;
  // Whatever came after it would be undone as well.
  const canUndo = made !== null && made.number === set.version && set.edited === undefined;
  const make = async (wanted: ClassChange): Promise<void> => {
    setAsked(null);
    if (!(await change(wanted))) return;
    setChosen(new Set());
    const { classColours, setClassColour } = preferences.getState();
    const colour = wanted.kind === 'rename' ? new Map(Object.entries(classColours)).get(wanted.from) : undefined;
    if (wanted.kind === 'rename' && colour !== undefined) setClassColour(wanted.to, colour);
  };
  return (
    <div className="set-body classes-tab">
      {isFixed && (
        <p className="said">
          The sample set came with the studio and stays as it is.{' '}
          <CopyToEdit set={set} label="Copy it to change the copy" />
        </p>
      )}
      {fault !== null && <ErrorNote title="The classes were not changed" message={fault.message} />}
      <div className="class-change-said" role="status">
        {made !== null && (
          <>
            <span>
              Version {made.number}: {made.what}.
            </span>
            {canUndo && (
              <Button variant="default" size="compact-sm" disabled={busy} onClick={() => void undo()}>
                Undo
              </Button>
            )}
          </>
        )}
      </div>
      {alike.map((names) => (
        <div key={names.join('\n')} className="said class-change-said">
          <span>{names.map((name) => `"${name}"`).join(' and ')} may be one class.</span>
          {!isFixed &&
            names.map((into) => (
              <Button
                key={into}
                variant="default"
                size="compact-sm"
                disabled={busy}
                onClick={() => setAsked(mergeQuestion(index, names, into))}
              >
                Call them all "{into}"
              </Button>
            ))}
        </div>
      ))}
      {!isFixed && <AddClass busy={busy} onAdd={(name) => change({ kind: 'add', name })} />}
      {rows.length === 0 ? (
        <p className="muted">This set has no class yet. Add one here, or draw a first box.</p>
      ) : (
        <ClassRows
          rows={rows}
          chosen={chosen}
          disabled={isFixed || busy}
          onChoose={setChosen}
          onRename={(name) => setAsked({ rename: name })}
          onDelete={(name) => setAsked(deleteQuestion(index, [name]))}
        />
      )}
      {picked.length > 0 && (
        <Picked
          names={picked}
          disabled={busy}
          onMerge={(into) => setAsked(mergeQuestion(index, picked, into))}
          onDelete={() => setAsked(deleteQuestion(index, picked))}
        />
      )}
      <ClassQuestionDialog labels={index} asked={asked} onAnswer={make} onClose={() => setAsked(null)} />
    </div>
  );
}

/** Makes changes of a set's classes; `change` and `undo` give whether they were made. */
function useClassChanges({ id, version }: DataSetSummary) {
  const { files } = useStudio();
  const refresh = useLibrary((state) => state.refresh);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<StudioError | null>(null);
  const [made, setMade] = useState<SetVersion | null>(null);
  const doing = async (work: () => Promise<SetVersion>): Promise<boolean> => {
    setBusy(true);
    setFault(null);
    try {
      const done = await work();
      await refresh();
      setMade(done);
      return true;
    } catch (thrown) {
      setFault(toStudioError(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    fault,
    made,
    change: (change: ClassChange) => doing(() => files.changeClasses(id, change)),
    undo: () => doing(() => files.restoreVersion(id, (version ?? 1) - 1)),
  };
}

function AddClass({
  busy,
  onAdd,
}: {
  readonly busy: boolean;
  readonly onAdd: (name: string) => Promise<boolean>;
}): ReactNode {
  const [name, setName] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await onAdd(name)) setName('');
  };
  return (
    <form className="class-add" onSubmit={(event) => void submit(event)}>
      <TextInput
        aria-label="Name of a new class"
        placeholder="A new class"
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={busy} disabled={name.trim() === ''}>
        Add class
      </Button>
    </form>
  );
}

interface PickedProps {
  readonly names: readonly string[];
  readonly disabled: boolean;
  readonly onMerge: (into: string) => void;
  readonly onDelete: () => void;
}

function Picked({ names, disabled, onMerge, onDelete }: PickedProps): ReactNode {
  const [into, setInto] = useState<string | null>(null);
  const target = into !== null && names.includes(into) ? into : (names[0] ?? '');
  return (
    <div className="class-picked">
      <span>{names.length === 1 ? '1 class chosen' : `${names.length} classes chosen`}</span>
      {names.length > 1 && (
        <>
          <NativeSelect
            aria-label="Merge into"
            value={target}
            data={[...names]}
            onChange={({ currentTarget }) => setInto(currentTarget.value)}
          />
          <Button variant="default" disabled={disabled} onClick={() => onMerge(target)}>
            Merge into this one
          </Button>
        </>
      )}
      <Button variant="default" disabled={disabled} onClick={onDelete}>
        Delete
      </Button>
    </div>
  );
}
