import type { Sample } from '../../rpc/protocol.ts';
import { retallied } from './class-counts.ts';
import { type Action, recorded, stepBack, stepForward } from './history.ts';
import { boxesText, changedKeys, type PictureLabels, sameLabels, withLabels } from './labels.ts';
import { type Selection, stillThere } from './selection.ts';
import { type LabellingStore, shownSample, tellReader } from './state.ts';

/** What one finished action changes on the picture that is shown. */
export interface Change {
  /** In the past tense, without its full stop. */
  readonly what: string;
  readonly labels?: PictureLabels;
  /** All classes, where one was added. */
  readonly classes?: readonly string[];
  readonly verdicts?: Action['verdicts'];
  /** What is selected afterwards. */
  readonly select?: Selection;
  readonly series?: string | undefined;
}

export interface ActingPorts {
  /** The place of a picture in the set. */
  readonly placeOf: (sampleId: string) => number | undefined;
  /** Shows another picture. */
  readonly show: (place: number) => void;
  /** Has pictures kept, and the classes where they changed. */
  readonly save: (setId: string, samples: readonly Sample[], classes: readonly string[] | null) => void;
}

export interface Acting {
  /** Does one finished action, so that it can be undone, and sends it to be kept. Says so where the set cannot be edited. */
  act(change: Change): void;
  /** Undo and redo: where the action was on another picture, that one is shown. */
  travel(back: boolean): void;
}

/** How actions are done, undone and done again. */
export function createActing(store: LabellingStore, { placeOf, show, save }: ActingPorts): Acting {
  const { get, set } = store;
  const say = (text: string): void => tellReader(store, text);

  /** Puts the labels of a picture into the set, and sends what is new to be kept. */
  const put = (action: Action, side: 'before' | 'after'): void => {
    const { setId, samples, at, tally, decided } = get();
    if (setId === null) return;
    const kept: Sample[] = [];
    const { picture, classes, verdicts } = action;
    if (classes !== null) set({ classes: classes[side] });
    const place = picture === null ? undefined : placeOf(picture.sampleId);
    const sample = place === undefined ? undefined : samples[place];
    if (picture !== null && picture.before !== picture.after && place !== undefined && sample !== undefined) {
      const labels = picture[side];
      const after = withLabels(sample, labels);
      kept.push(after);
      set({ samples: samples.with(place, after), tally: retallied(tally, sample, after) });
      if (place === at) set({ labels, selection: stillThere(get().selection, labels.boxes) });
    }
    if (verdicts.length > 0) {
      const next = new Set(decided);
      for (const { proposed } of verdicts) next[side === 'after' ? 'add' : 'delete'](proposed);
      set({ decided: next });
    }
    if (kept.length > 0 || classes !== null) save(setId, kept, classes?.[side] ?? null);
  };

  const tell = (verdicts: Action['verdicts'], reopened: boolean): void => {
    const { proposals } = get();
    const id = shownSample(get())?.id;
    if (id === undefined) return;
    for (const { proposed, verdict } of verdicts) {
      if (reopened) proposals.onReopened?.(id, proposed);
      else if (verdict === 'accepted') proposals.onAccepted?.(id, proposed);
      else if (verdict === 'changed') proposals.onChanged?.(id, proposed);
      else proposals.onRefused?.(id, proposed);
    }
  };

  /** One finished action on the picture that is shown. */
  const act = ({ what, labels, classes, verdicts = [], select, series }: Change): void => {
    const { access, labels: before, classes: listed, history } = get();
    const sample = shownSample(get());
    if (access !== 'editing' || sample === undefined) {
      say('This set cannot be edited here.');
      return;
    }
    const isSame = labels === undefined || sameLabels(before, labels);
    if (isSame && classes === undefined && verdicts.length === 0) return;
    const action: Action = {
      what,
      // What decides about proposals and leaves the boxes belongs to a picture too: undo goes there.
      picture:
        isSame && verdicts.length === 0 ? null : { sampleId: sample.id, before, after: isSame ? before : labels },
      classes: classes === undefined ? null : { before: listed, after: classes },
      verdicts,
      ...(series === undefined ? {} : { series }),
    };
    set({ history: recorded(history, action) });
    put(action, 'after');
    if (select !== undefined) set({ selection: select });
    tell(verdicts, false);
    const { boxes } = get().labels;
    tellReader(store, isSame ? what : `${what}, ${boxesText(boxes.length)}`, false);
  };

  /** Undo and redo: where the action was on another picture, that one is shown. */
  const travel = (back: boolean): void => {
    if (get().access !== 'editing') return;
    const step = back ? stepBack(get().history) : stepForward(get().history);
    if (step === null) {
      say(back ? 'Nothing to undo' : 'Nothing to do again');
      return;
    }
    const { action, history } = step;
    const side = back ? 'before' : 'after';
    set({ history });
    const place = action.picture === null ? undefined : placeOf(action.picture.sampleId);
    if (place !== undefined && place !== get().at) show(place);
    const from = get().labels;
    put(action, side);
    if (action.picture !== null) set({ selection: changedKeys(from, get().labels) });
    const { classes, chosenClass } = get();
    if (chosenClass === null || !classes.includes(chosenClass)) set({ chosenClass: classes[0] ?? null });
    tell(action.verdicts, back);
    say(`${back ? 'Undone' : 'Done again'}: ${action.what}, ${boxesText(get().labels.boxes.length)}`);
  };

  return { act, travel };
}
