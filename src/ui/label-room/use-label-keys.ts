import { type RefObject, useEffect } from 'react';
import type { StoreApi } from 'zustand';
import { type LabelCommand, labelKeyReader } from '../../state/labelling/keys.ts';
import { openProposals, proposalKey } from '../../state/labelling/proposals.ts';
import type { StageState } from '../../state/labelling/stage.ts';
import type { LabellingState } from '../../state/labelling/state.ts';
import { ROOM_KEYS } from '../shell/room-keys.ts';

const TYPED_INTO =
  'input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable]';
const WORKED_BY_SPACE = 'button, a, summary, input, [role=button], [role=tab], [role=option]';
const ZOOM_STEP = 1.25;

export interface LabelKeyTargets {
  readonly stageElement: RefObject<HTMLElement | null>;
  readonly isSpaceDown: RefObject<boolean>;
  readonly onFindClass: () => void;
}

/** The editor's keys, wherever the focus is but in a field, a dialog, or a list that has arrow keys of its own. */
export function useLabelKeys(
  labelling: StoreApi<LabellingState>,
  stage: StoreApi<StageState>,
  { stageElement, isSpaceDown, onFindClass }: LabelKeyTargets,
): void {
  useEffect(() => {
    const read = labelKeyReader(new Set(Object.keys(ROOM_KEYS)));
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest('[role=dialog], [role=menu]') !== null || target.closest(TYPED_INTO) !== null) return;
      const command = read({
        key: event.key,
        code: event.code,
        shift: event.shiftKey,
        ctrl: event.ctrlKey || event.metaKey,
        alt: event.altKey,
        atMs: event.timeStamp,
      });
      if (command === null) return;
      const isControl = target.closest(WORKED_BY_SPACE) !== null;
      const isOwn = (event.key === ' ' || event.key === 'Enter') && isControl;
      const isTab = command.kind === 'cycle-forward' || command.kind === 'cycle-back';
      if (isOwn || (isTab && target !== stageElement.current)) return;
      if (event.key === ' ' && !stage.getState().drawing) {
        isSpaceDown.current = true;
        if (stageElement.current !== null) stageElement.current.dataset.space = 'true';
        event.preventDefault();
        return;
      }
      if (command.kind === 'find-class') onFindClass();
      else if (!run(command, labelling.getState(), stage.getState(), event.repeat)) return;
      event.preventDefault();
    };
    const release = (event: KeyboardEvent | FocusEvent): void => {
      if ('key' in event && event.key !== ' ') return;
      isSpaceDown.current = false;
      delete stageElement.current?.dataset.space;
    };
    // Before the keys of the studio, which listen on the window.
    document.addEventListener('keydown', press);
    document.addEventListener('keyup', release);
    window.addEventListener('blur', release);
    return () => {
      document.removeEventListener('keydown', press);
      document.removeEventListener('keyup', release);
      window.removeEventListener('blur', release);
    };
  }, [labelling, stage, stageElement, isSpaceDown, onFindClass]);
}

/** Does what a key asks. False where the key is the page's. */
function run(command: LabelCommand, labels: LabellingState, stage: StageState, repeat: boolean): boolean {
  switch (command.kind) {
    case 'arrow':
      stage.arrow(command, command.far, command.size);
      return true;
    case 'class': {
      const name = labels.classes[command.place];
      if (name === undefined) labels.say('There is no class with this digit');
      else labels.choose(name);
      return true;
    }
    case 'flag':
      labels.flag(command.flag);
      return true;
    case 'cycle-forward':
      return stage.cycle(1);
    case 'cycle-back':
      return stage.cycle(-1);
    case 'corner':
      if (stage.drawing) stage.setCorner();
      else labels.accept(false);
      return true;
    case 'refuse':
      if (selectsProposal(labels)) labels.remove();
      return true;
    case 'nothing-here':
      if (!repeat) labels.review(!labels.labels.labelled);
      return true;
    case 'select-all':
      labels.select(labels.labels.boxes.map(({ key }) => key));
      return true;
    case 'zoom-in':
      stage.zoom(ZOOM_STEP);
      return true;
    case 'zoom-out':
      stage.zoom(1 / ZOOM_STEP);
      return true;
    default:
      PLAIN[command.kind]?.(labels, stage);
      return true;
  }
}

const PLAIN: Readonly<Record<string, (labels: LabellingState, stage: StageState) => void>> = {
  draw: (_, stage) => stage.draw(),
  previous: (labels) => labels.step(-1),
  next: (labels) => labels.step(1),
  'next-open': (labels) => labels.stepToOpen(1),
  'previous-open': (labels) => labels.stepToOpen(-1),
  undo: (labels) => labels.undo(),
  redo: (labels) => labels.redo(),
  delete: (labels) => labels.remove(),
  copy: (labels) => labels.copy(),
  paste: (labels) => labels.paste(),
  duplicate: (labels) => labels.duplicate(),
  'take-last': (labels) => labels.takeLast(),
  fit: (_, stage) => stage.fit(),
  hide: (_, stage) => stage.toggleHidden(),
  several: (_, stage) => stage.toggleSeveral(),
  'accept-all': (labels) => labels.accept(true),
  'leave-off': (_, stage) => stage.leaveOff(),
};

function selectsProposal({ proposals, decided, selection }: LabellingState): boolean {
  return openProposals(proposals, decided).some((box) => selection.includes(proposalKey(box)));
}
