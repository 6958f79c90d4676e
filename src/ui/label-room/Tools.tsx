import type { ReactNode } from 'react';
import { useStudio } from '../studio.ts';
import { useLabelling, useStage, useStageStore } from './label-context.ts';

const ZOOM_STEP = 1.25;

/** The tools, each with the key that does the same. */
export function Tools(): ReactNode {
  const { labelling } = useStudio();
  const stage = useStageStore();
  const drawing = useStage((state) => state.drawing);
  const hidden = useStage((state) => state.hidden);
  const several = useStage((state) => state.several);
  const mayEdit = useLabelling((state) => state.access === 'editing');
  const canUndo = useLabelling((state) => state.history.done.length > 0);
  const canRedo = useLabelling((state) => state.history.undone.length > 0);
  const isSelected = useLabelling((state) => state.selection.length > 0);
  const hasBoxes = useLabelling((state) => state.labels.boxes.length > 0);
  const isEmpty = useLabelling((state) => state.labels.labelled && state.labels.boxes.length === 0);
  const isFirst = useLabelling((state) => state.at <= 0);
  const isLast = useLabelling((state) => state.at >= state.samples.length - 1);
  const labels = () => labelling.getState();
  return (
    <div className="label-tools" role="toolbar" aria-label="Tools">
      <div className="label-tool-group label-tools-go">
        <Tool
          name="Previous picture"
          keys="a"
          disabled={isFirst}
          onUse={() => labels().step(-1)}
          path="M10 3 5 8l5 5"
        />
        <Tool name="Next picture" keys="d" disabled={isLast} onUse={() => labels().step(1)} path="M6 3l5 5-5 5" />
        <Tool
          name="Next not labelled"
          keys="f"
          words
          onUse={() => labels().stepToOpen(1)}
          path="M3 3l5 5-5 5M8.5 3l5 5-5 5"
        />
      </div>
      <div className="label-tool-group">
        <Tool
          name="New box"
          keys="w"
          words
          pressed={drawing}
          disabled={!mayEdit}
          onUse={() => stage.getState().draw()}
          path="M2.5 2.5h9v9h-9zM12.5 10v5M10 12.5h5"
        />
        <Tool
          name="Select several"
          keys="s"
          pressed={several}
          onUse={() => stage.getState().toggleSeveral()}
          path="M2.5 2.5h6v6h-6zM7.5 11v2.5h6v-6H11M4 5.5 5.2 6.7 7.5 4.3"
        />
        <Tool
          name="Delete"
          keys="Delete"
          disabled={!mayEdit || !isSelected}
          onUse={() => labels().remove()}
          path="M2.5 4.5h11M6 4V2.5h4V4M4 4.5l.7 9h6.6l.7-9M6.7 7v4M9.3 7v4"
        />
        <Tool
          name="Undo"
          keys="Ctrl+Z"
          disabled={!mayEdit || !canUndo}
          onUse={() => labels().undo()}
          path="M5.5 3 2.5 6l3 3M2.5 6H9a4 4 0 0 1 0 8H6.5"
        />
        <Tool
          name="Redo"
          keys="Shift+Ctrl+Z"
          disabled={!mayEdit || !canRedo}
          onUse={() => labels().redo()}
          path="M10.5 3l3 3-3 3M13.5 6H7a4 4 0 0 0 0 8h2.5"
        />
        <Tool
          name="Boxes of the last picture"
          keys="v"
          disabled={!mayEdit}
          onUse={() => labels().takeLast()}
          path="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"
        />
        <Tool
          name="Nothing here"
          keys="e"
          words
          pressed={isEmpty}
          disabled={!mayEdit || hasBoxes}
          onUse={() => labels().review(!isEmpty)}
          path="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM3.8 3.8l8.4 8.4"
        />
      </div>
      <div className="label-tool-group label-tools-view">
        <Tool name="Smaller" keys="-" onUse={() => stage.getState().zoom(1 / ZOOM_STEP)} path="M3 8h10" />
        <Zoom />
        <Tool name="Larger" keys="+" onUse={() => stage.getState().zoom(ZOOM_STEP)} path="M3 8h10M8 3v10" />
        <Tool
          name="Hide boxes"
          keys="h"
          pressed={hidden}
          onUse={() => stage.getState().toggleHidden()}
          path="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z"
        />
      </div>
    </div>
  );
}

function Zoom(): ReactNode {
  const stage = useStageStore();
  const percent = useStage((state) => Math.round(state.view.scale * 100));
  return (
    <button
      type="button"
      className="label-zoom"
      aria-label={`Shown at ${percent} %. Show the whole picture, or the selected box large (z)`}
      title="Whole picture, or the selected box large (z)"
      onPointerDown={keepFocus}
      onClick={() => stage.getState().fit()}
    >
      {percent} %
    </button>
  );
}

interface ToolProps {
  readonly name: string;
  readonly keys: string;
  /** Of a drawing in lines, 16 x 16. */
  readonly path: string;
  /** Shows the name beside the drawing, where there is room. */
  readonly words?: boolean;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onUse: () => void;
}

function Tool({ name, keys, path, words = false, pressed, disabled = false, onUse }: ToolProps): ReactNode {
  return (
    <button
      type="button"
      className="label-tool"
      aria-label={name}
      aria-keyshortcuts={keys.replace('Ctrl', 'Control')}
      title={`${name} (${keys})`}
      disabled={disabled}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      onPointerDown={keepFocus}
      onClick={onUse}
    >
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
      {words && <span aria-hidden="true">{name}</span>}
    </button>
  );
}

/** A click with the mouse leaves the focus on the picture, so that its keys go on. */
export function keepFocus(event: { preventDefault(): void; readonly pointerType?: string }): void {
  event.preventDefault();
}
