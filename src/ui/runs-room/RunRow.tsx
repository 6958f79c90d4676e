import { Checkbox } from '@mantine/core';
import { type CSSProperties, memo, type ReactNode, useEffect, useRef } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import { durationText } from '../../base/duration-text.ts';
import type { RunSummary } from '../../rpc/protocol.ts';
import type { RunTask } from '../../state/runs.ts';
import { fixed, whole } from '../numbers.ts';
import { RunMenu } from './RunMenu.tsx';
import { RunName } from './RunName.tsx';
import { RunStatusMark } from './RunStatusMark.tsx';
import type { RunActions } from './use-run-actions.ts';
import { exactWhenText, whenText } from './when-text.ts';

/** What a row asks of its table; the same functions for every row. */
export interface RowEvents {
  /** `range`: everything from the row that was last chosen. */
  toggle(id: string, chosen: boolean, range: boolean): void;
  showOnly(id: string): void;
  rename(id: string | null): void;
  keepName(id: string, name: string): void;
  askToDelete(id: string): void;
}

export interface RunRowProps {
  readonly run: RunSummary;
  /** From 1, the head's row being the first. */
  readonly rowIndex: number;
  readonly heightPx: number;
  readonly chosen: boolean;
  /** Of its lines in the charts below; null where it has none. */
  readonly colour: string | null;
  readonly renaming: boolean;
  readonly asking: boolean;
  readonly task: RunTask | null;
  readonly actions: RunActions;
  readonly events: RowEvents;
}

/** One run in figures. */
export const RunRow = memo(function RunRow(props: RunRowProps): ReactNode {
  const { run, rowIndex, heightPx, chosen, colour, renaming, asking, task, actions, events } = props;
  const { id, name, note, status, dataSet, from, best, stepsDone, settings, startedAtMs } = run;
  const nameButton = useRef<HTMLButtonElement>(null);
  const focusName = useRef(false);
  useEffect(() => {
    if (renaming || !focusName.current) return;
    focusName.current = false;
    nameButton.current?.focus();
  }, [renaming]);
  const endRenaming = (byKey: boolean): void => {
    focusName.current = byKey;
    events.rename(null);
  };
  const when = whenText(startedAtMs, Date.now());
  const steps = stepsDone < settings.steps ? `${whole(stepsDone)} of ${whole(settings.steps)}` : whole(stepsDone);
  const style: CSSProperties = { height: heightPx };
  return (
    <tr aria-rowindex={rowIndex} data-chosen={chosen} data-task={task} style={style}>
      <td className="run-choose">
        <Checkbox
          size="xs"
          checked={chosen}
          aria-label={`Choose ${name}`}
          onChange={({ currentTarget, nativeEvent }) =>
            events.toggle(id, currentTarget.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
          }
        />
      </td>
      <th scope="row" className="run-name">
        {renaming ? (
          <RunName name={name} onRename={(next) => events.keepName(id, next)} onEnd={endRenaming} />
        ) : (
          <>
            {colour !== null && <i className="run-colour" style={{ background: colour }} />}
            <button
              ref={nameButton}
              className="run-title"
              type="button"
              title={`${name}\nF2 renames it`}
              onClick={() => events.showOnly(id)}
              onKeyDown={({ key }) => key === 'F2' && events.rename(id)}
            >
              {name}
            </button>
            {note !== '' && (
              <span className="run-note muted small wide-only" title={note}>
                {note}
              </span>
            )}
            <span className="run-second small narrow-only">
              <RunStatusMark status={status} />
              <span className="muted">{when}</span>
            </span>
          </>
        )}
      </th>
      <td className="muted wide-only cut" title={dataSet.name}>
        {dataSet.name}
      </td>
      <td className="muted wide-only cut" title={from}>
        {from}
      </td>
      <td className="wide-only">
        <RunStatusMark status={status} />
      </td>
      <td className="figure wide-only">{steps}</td>
      <td className="figure">{fixed(best?.map50, 2)}</td>
      <td className="figure wide-only">{fixed(best?.AP, 2)}</td>
      <td className="figure muted wide-only">{run.seconds > 0 ? durationText(run.seconds) : '–'}</td>
      <td className="figure muted wide-only" title={exactWhenText(startedAtMs)}>
        {when}
      </td>
      <td className="figure muted wide-only">{bytesText(run.bytes)}</td>
      <td className="run-do">
        <RunMenu
          run={run}
          actions={actions}
          busy={task !== null}
          returnsFocus={!renaming && !asking}
          onRename={() => events.rename(id)}
          onDelete={() => events.askToDelete(id)}
        />
      </td>
    </tr>
  );
});
