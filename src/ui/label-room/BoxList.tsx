import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react';
import { FLAGS, type LabelBox } from '../../state/labelling/labels.ts';
import { openProposals, proposalKey } from '../../state/labelling/proposals.ts';
import { clicked } from '../../state/labelling/selection.ts';
import { whole } from '../numbers.ts';
import { useStudio } from '../studio.ts';
import { useBoxColour, useLabelling, useStageStore } from './label-context.ts';
import { keepFocus } from './Tools.tsx';

/** The boxes of the picture as a list, which reaches those that lie under others; and the marks of the selected ones. */
export function BoxList(): ReactNode {
  const { labelling } = useStudio();
  const boxes = useLabelling((state) => state.labels.boxes);
  const labelled = useLabelling((state) => state.labels.labelled);
  const selection = useLabelling((state) => state.selection);
  const colourOf = useBoxColour();
  const list = useRef<HTMLUListElement>(null);
  const selected = useMemo(() => new Set(selection), [selection]);
  const last = selection.at(-1);
  useEffect(() => {
    if (last === undefined) return;
    list.current?.querySelector(`[data-key="${last}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [last]);
  const stage = useStageStore();
  const onPick = useCallback(
    (key: number, add: boolean) => {
      const { selection: before, select } = labelling.getState();
      select(clicked(before, key, add || stage.getState().several));
    },
    [labelling, stage],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows: (Element | null | undefined)[] = [...(list.current?.querySelectorAll('[data-key]') ?? [])];
    // Accept and Refuse stand below their row.
    const from = document.activeElement?.closest('li')?.querySelector('[data-key]');
    const next = rows[rows.indexOf(from) + by];
    event.preventDefault();
    if (!(next instanceof HTMLElement)) return;
    next.focus();
    onPick(Number(next.dataset.key), event.shiftKey);
  };

  return (
    <section className="label-box-list" aria-labelledby="label-boxes-title">
      <h2 id="label-boxes-title">
        Boxes <span className="muted">{whole(boxes.length)}</span>
      </h2>
      <Marks />
      {boxes.length === 0 && (
        <p className="small muted">
          {labelled
            ? 'Reviewed: nothing of any class is here.'
            : 'Not labelled yet: drag over the picture to draw a box.'}
        </p>
      )}
      <ul ref={list} className="label-list" onKeyDown={onKeyDown}>
        {boxes.map((box) => (
          <BoxRow
            key={box.key}
            box={box}
            colour={colourOf(box.className)}
            selected={selected.has(box.key)}
            onPick={onPick}
          />
        ))}
        <ProposedRows onPick={onPick} selected={selected} />
      </ul>
    </section>
  );
}

interface BoxRowProps {
  readonly box: LabelBox;
  readonly colour: string;
  readonly selected: boolean;
  readonly onPick: (key: number, add: boolean) => void;
}

const BoxRow = memo(function BoxRow({ box, colour, selected, onPick }: BoxRowProps): ReactNode {
  const { key, className, boxXyxyPx } = box;
  const marks = [...FLAGS.filter(({ flag }) => box[flag]).map(({ flag }) => flag), ...(box.crowd ? ['crowd'] : [])];
  return (
    <li>
      <button
        type="button"
        className="label-row"
        data-key={key}
        aria-pressed={selected}
        onPointerDown={keepFocus}
        onClick={(event) => onPick(key, event.shiftKey || event.ctrlKey || event.metaKey)}
      >
        <i style={{ background: colour }} />
        <span className="label-class-name">{className}</span>
        <span className="small muted">
          {marks.join(', ')} {Math.round(boxXyxyPx[2] - boxXyxyPx[0])} × {Math.round(boxXyxyPx[3] - boxXyxyPx[1])}
        </span>
      </button>
    </li>
  );
});

interface ProposedRowsProps {
  readonly selected: ReadonlySet<number>;
  readonly onPick: (key: number, add: boolean) => void;
}

function ProposedRows({ selected, onPick }: ProposedRowsProps): ReactNode {
  const { labelling } = useStudio();
  const proposals = useLabelling((state) => state.proposals);
  const decided = useLabelling((state) => state.decided);
  const colourOf = useBoxColour();
  return openProposals(proposals, decided).map((box) => {
    const key = proposalKey(box);
    return (
      <li key={key}>
        <button
          type="button"
          className="label-row"
          data-key={key}
          aria-pressed={selected.has(key)}
          onPointerDown={keepFocus}
          onClick={(event) => onPick(key, event.shiftKey)}
        >
          <i className="label-dashed" style={{ borderColor: colourOf(box.className) }} />
          <span className="label-class-name">{box.className}</span>
          <span className="small muted">proposed {box.score.toFixed(2)}</span>
        </button>
        {selected.has(key) && (
          <div className="label-verdict">
            <button
              type="button"
              className="label-chip"
              title="Enter"
              onPointerDown={keepFocus}
              onClick={() => labelling.getState().accept(false)}
            >
              Accept
            </button>
            <button
              type="button"
              className="label-chip"
              title="x"
              onPointerDown={keepFocus}
              onClick={() => labelling.getState().remove()}
            >
              Refuse
            </button>
          </div>
        )}
      </li>
    );
  });
}

/** The marks of the selected boxes. They keep their place where nothing is selected. */
function Marks(): ReactNode {
  const { labelling } = useStudio();
  const boxes = useLabelling((state) => state.labels.boxes);
  const selection = useLabelling((state) => state.selection);
  const mayEdit = useLabelling((state) => state.access === 'editing');
  const chosen = boxes.filter(({ key }) => selection.includes(key));
  return (
    <fieldset className="label-marks" aria-label="Marks of the selected boxes">
      {FLAGS.map(({ flag, key, words, does }) => (
        <button
          key={flag}
          type="button"
          className="label-chip"
          title={`${does} (Shift+${key})`}
          aria-pressed={chosen.length > 0 && chosen.every((box) => box[flag])}
          disabled={!mayEdit || chosen.length === 0}
          onPointerDown={keepFocus}
          onClick={() => labelling.getState().flag(flag)}
        >
          {words}
        </button>
      ))}
    </fieldset>
  );
}
