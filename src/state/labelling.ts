import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoxXyxy } from '../base/boxes.ts';
import { BUNDLED_SET_ID } from '../base/bundled.ts';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { DataApi, EditApi, Sample } from '../rpc/protocol.ts';
import { retallied, type SetTally, tallyOf } from './labelling/class-counts.ts';
import { boxOf, copiesFor, flagged, relabelled, withBoxes, without } from './labelling/edits.ts';
import { type Action, type History, NO_HISTORY, recorded, stepBack, stepForward } from './labelling/history.ts';
import {
  boxesText,
  changedKeys,
  type Flag,
  type LabelBox,
  labelsOf,
  newBox,
  type PictureLabels,
  sameLabels,
  withLabels,
  withPlaces,
} from './labelling/labels.ts';
import {
  NO_PROPOSALS,
  openProposals,
  type Proposals,
  type ProposedBox,
  proposalKey,
  type Verdict,
} from './labelling/proposals.ts';
import { createSaveQueue, type SaveQueue, type SaveStatus } from './labelling/save-queue.ts';
import { type Selection, stillThere } from './labelling/selection.ts';

export type LabellingApi = Pick<DataApi, 'dataSet'> & Pick<EditApi, 'beginEditing' | 'endEditing' | 'editSamples'>;

export interface LabellingPorts {
  /** A set's labels were edited, and are kept: what others hold of it is old. */
  readonly onEdited?: (dataSetId: string) => void;
  /** Calls back after so many milliseconds; returns how to call it off. */
  readonly later?: (work: () => void, ms: number) => () => void;
}

/** Whether this tab may edit: `elsewhere` where another tab does, `bundled` for the set that came with the studio. */
export type Access = 'waiting' | 'editing' | 'elsewhere' | 'bundled';

export interface LabellingState {
  readonly setId: string | null;
  readonly name: string;
  readonly phase: 'closed' | 'opening' | 'ready' | 'failed';
  /** Why the set could not be opened. */
  readonly error: StudioError | null;
  readonly access: Access;
  readonly samples: readonly Sample[];
  /** By label id. */
  readonly classes: readonly string[];
  readonly tally: SetTally;
  /** Place of the picture that is shown; -1 where the set has none. */
  readonly at: number;
  readonly labels: PictureLabels;
  readonly selection: Selection;
  /** The class that the next box gets; null while the set has none. */
  readonly chosenClass: string | null;
  /** A box that was drawn while there was no class: it is added with the first one. */
  readonly classless: BoxXyxy | null;
  readonly history: History;
  readonly saving: SaveStatus;
  /** What happened last, for screen readers; `count` tells the same words from before. */
  readonly said: { readonly text: string; readonly count: number };
  readonly proposals: Proposals;
  /** Proposed boxes that were accepted, changed or refused. */
  readonly decided: ReadonlySet<ProposedBox>;

  /** Opens a set for editing, at a picture or at its first. */
  open(setId: string, sampleId: string | null): Promise<void>;
  /** Gives the right to edit back, once everything is kept. */
  leave(): Promise<void>;
  /** Asks for the right to edit once more, where another tab had it. */
  takeOver(): Promise<void>;
  go(place: number): void;
  goTo(sampleId: string): void;
  step(by: 1 | -1): void;
  /** To the next picture that is not labelled yet, round the end of the list. */
  stepToOpen(by: 1 | -1): void;
  select(selection: Selection): void;
  draw(box: BoxXyxy): void;
  /** Moves or resizes boxes and proposals, by key. Presses of one series are one step of the history. */
  place(places: ReadonlyMap<number, BoxXyxy>, what: 'moved' | 'resized', series?: string): void;
  /** The class of the next box, and of what is selected. */
  choose(className: string): void;
  /** Adds a class at the end of the list, and chooses it. */
  addClass(name: string): void;
  flag(flag: Flag): void;
  /** Deletes the selected boxes, and refuses the selected proposals. */
  remove(): void;
  /** Says of a picture without boxes that it was reviewed, or takes that back. */
  review(labelled: boolean): void;
  copy(): void;
  paste(): void;
  duplicate(): void;
  takeLast(): void;
  undo(): void;
  redo(): void;
  propose(proposals: Proposals): void;
  /** The selected proposals, or all that are open. */
  accept(all: boolean): void;
  retrySaving(): void;
  say(text: string): void;
}

const NOTHING: PictureLabels = { boxes: [], labelled: false };
const SAVED: SaveStatus = { waiting: 0, failed: null };
/** A page that is loaded anew asks before the browser has freed what the old one held. */
const ASK_AGAIN_MS = [150, 350, 700];

/** The labels of one set while they are edited, picture by picture. */
export function createLabellingStore(api: LabellingApi, ports: LabellingPorts = {}): StoreApi<LabellingState> {
  const { onEdited = () => undefined, later = afterTimeout } = ports;
  const queues = new Map<string, SaveQueue>();
  const statuses = new Map<string, SaveStatus>();
  /** Sets whose edits are kept and not told of yet. */
  const edited = new Set<string>();

  return createStore<LabellingState>()((set, get) => {
    let places = new Map<string, number>();
    /** Ids of the pictures that were labelled when the set was opened. */
    let labelledBefore = new Set<string>();
    let lastId: string | null = null;
    let copied: readonly LabelBox[] = [];
    let openings = 0;

    const shown = (): Sample | undefined => get().samples[get().at];
    const say = (text: string): void => set({ said: { text, count: get().said.count + 1 } });

    /** While the editor is open, nobody else shows the set. */
    const tellEdited = (setId: string): void => {
      if (edited.delete(setId)) onEdited(setId);
    };

    const queueOf = (setId: string): SaveQueue => {
      const held = queues.get(setId);
      if (held !== undefined) return held;
      const queue = createSaveQueue({
        write: async (samples, classes) => {
          await api.editSamples(setId, samples, classes);
          edited.add(setId);
          if (get().setId !== setId) tellEdited(setId);
        },
        onStatus: (status) => {
          statuses.set(setId, status);
          const all = [...statuses.values()];
          set({
            saving: {
              waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
              failed: all.find(({ failed }) => failed !== null)?.failed ?? null,
            },
          });
        },
        later,
      });
      queues.set(setId, queue);
      return queue;
    };

    const show = (place: number, selection: Selection = []): void => {
      const sample = get().samples[place];
      if (sample === undefined) return;
      const before = shown();
      if (before !== undefined && before.id !== sample.id) lastId = before.id;
      set({ at: place, labels: labelsOf(sample), selection, classless: null });
    };

    /** Puts the labels of a picture into the set, and sends what is new to be kept. */
    const put = (action: Action, side: 'before' | 'after'): void => {
      const { setId, samples, at, tally, decided } = get();
      if (setId === null) return;
      const kept: Sample[] = [];
      const { picture, classes, verdicts } = action;
      if (classes !== null) set({ classes: classes[side] });
      const place = picture === null ? undefined : places.get(picture.sampleId);
      const sample = place === undefined ? undefined : samples[place];
      if (picture !== null && place !== undefined && sample !== undefined) {
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
      if (kept.length > 0 || classes !== null) queueOf(setId).save(kept, classes?.[side] ?? null);
    };

    const tell = (verdicts: Action['verdicts'], reopened: boolean): void => {
      const { proposals } = get();
      const id = shown()?.id;
      if (id === undefined) return;
      for (const { proposed, verdict } of verdicts) {
        if (reopened) proposals.onReopened?.(id, proposed);
        else if (verdict === 'accepted') proposals.onAccepted?.(id, proposed);
        else if (verdict === 'changed') proposals.onChanged?.(id, proposed);
        else proposals.onRefused?.(id, proposed);
      }
    };

    interface Change {
      readonly what: string;
      readonly labels?: PictureLabels;
      readonly classes?: readonly string[];
      readonly verdicts?: Action['verdicts'];
      readonly select?: Selection;
      readonly series?: string | undefined;
    }

    /** One finished action on the picture that is shown. */
    const act = ({ what, labels, classes, verdicts = [], select, series }: Change): void => {
      const { access, labels: before, classes: listed, history } = get();
      const sample = shown();
      if (access !== 'editing' || sample === undefined) {
        say('This set cannot be edited here.');
        return;
      }
      const isSame = labels === undefined || sameLabels(before, labels);
      if (isSame && classes === undefined && verdicts.length === 0) return;
      const action: Action = {
        what,
        picture: isSame ? null : { sampleId: sample.id, before, after: labels },
        classes: classes === undefined ? null : { before: listed, after: classes },
        verdicts,
        ...(series === undefined ? {} : { series }),
      };
      set({ history: recorded(history, action) });
      put(action, 'after');
      if (select !== undefined) set({ selection: select });
      tell(verdicts, false);
      const { boxes } = get().labels;
      say(isSame ? what : `${what}, ${boxesText(boxes.length)}`);
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
      const place = action.picture === null ? undefined : places.get(action.picture.sampleId);
      if (place !== undefined && place !== get().at) show(place);
      const from = get().labels;
      put(action, side);
      if (action.picture !== null) set({ selection: changedKeys(from, get().labels) });
      const { classes, chosenClass } = get();
      if (chosenClass === null || !classes.includes(chosenClass)) set({ chosenClass: classes[0] ?? null });
      tell(action.verdicts, back);
      say(`${back ? 'Undone' : 'Done again'}: ${action.what}, ${boxesText(get().labels.boxes.length)}`);
    };

    const openProposed = (): ProposedBox[] => openProposals(get().proposals, get().decided);
    const selectedProposals = (): ProposedBox[] =>
      openProposed().filter((box) => get().selection.includes(proposalKey(box)));
    const selectedBoxes = (): LabelBox[] => get().labels.boxes.filter(({ key }) => get().selection.includes(key));
    const withClassesOf = (boxes: readonly LabelBox[]): { readonly classes?: readonly string[] } => {
      const { classes } = get();
      const fresh = [...new Set(boxes.map(({ className }) => className))].filter((name) => !classes.includes(name));
      return fresh.length === 0 ? {} : { classes: [...classes, ...fresh] };
    };

    const addCopies = (boxes: readonly LabelBox[], what: (count: string) => string): void => {
      const sample = shown();
      if (sample === undefined) return;
      const added = copiesFor(boxes, sample.size);
      if (added.length === 0) {
        say('There are no boxes to take');
        return;
      }
      const labels = withBoxes(get().labels, added);
      act({
        what: what(boxesText(added.length)),
        labels,
        select: added.map(({ key }) => key),
        ...withClassesOf(added),
      });
    };

    /** Proposals become boxes, changed by `change` on their way. */
    const take = (
      proposed: readonly ProposedBox[],
      verdict: Verdict,
      what: string,
      change: (box: LabelBox, from: ProposedBox) => LabelBox = (box) => box,
    ): void => {
      const sample = shown();
      if (sample === undefined || proposed.length === 0) return;
      const added = proposed.flatMap((from) => {
        const box = boxOf(from, sample.size);
        return box === null ? [] : [change(box, from)];
      });
      const next = openProposed().find((box) => !proposed.includes(box));
      const isLast = verdict !== 'accepted' || next === undefined;
      act({
        what,
        labels: withBoxes(get().labels, added),
        verdicts: proposed.map((box) => ({ proposed: box, verdict })),
        // What was accepted is done with: the next proposal comes under the key.
        select: isLast ? added.map(({ key }) => key) : [proposalKey(next)],
        ...withClassesOf(added),
      });
    };

    const askToEdit = async (setId: string, opening: number): Promise<void> => {
      if (setId === BUNDLED_SET_ID) {
        set({ access: 'bundled' });
        return;
      }
      for (const waitMs of [...ASK_AGAIN_MS, null]) {
        const mine = await api.beginEditing(setId);
        if (opening !== openings) {
          if (mine && get().setId !== setId) await api.endEditing(setId);
          return;
        }
        if (mine) {
          set({ access: 'editing' });
          return;
        }
        if (waitMs === null) break;
        await new Promise<void>((resolve) => later(resolve, waitMs));
      }
      set({ access: 'elsewhere' });
    };

    const load = async (setId: string, sampleId: string | null): Promise<void> => {
      await queues.get(setId)?.flushed();
      const index = await api.dataSet(setId);
      if (get().setId !== setId) return;
      const unsaved = queues.get(setId)?.unsaved();
      const edited = new Map(unsaved?.samples.map((sample) => [sample.id, sample]));
      const samples = index.samples.map((sample) => edited.get(sample.id) ?? sample);
      const classes = unsaved?.classes ?? index.classes;
      places = new Map(samples.map(({ id }, place) => [id, place]));
      labelledBefore = new Set(samples.filter(({ labelled }) => labelled).map(({ id }) => id));
      lastId = null;
      const at = samples.length === 0 ? -1 : (places.get(sampleId ?? '') ?? 0);
      const sample = samples[at];
      const { chosenClass } = get();
      set({
        name: index.name,
        samples,
        classes,
        tally: tallyOf(samples),
        at,
        labels: sample === undefined ? NOTHING : labelsOf(sample),
        selection: [],
        classless: null,
        history: NO_HISTORY,
        chosenClass: chosenClass !== null && classes.includes(chosenClass) ? chosenClass : (classes[0] ?? null),
        decided: new Set(),
        phase: 'ready',
      });
    };

    return {
      setId: null,
      name: '',
      phase: 'closed',
      error: null,
      access: 'waiting',
      samples: [],
      classes: [],
      tally: tallyOf([]),
      at: -1,
      labels: NOTHING,
      selection: [],
      chosenClass: null,
      classless: null,
      history: NO_HISTORY,
      saving: SAVED,
      said: { text: '', count: 0 },
      proposals: NO_PROPOSALS,
      decided: new Set(),

      async open(setId, sampleId) {
        openings += 1;
        const mine = openings;
        if (get().setId !== setId) set({ chosenClass: null });
        set({ setId, phase: 'opening', access: 'waiting', error: null, at: -1, samples: [], labels: NOTHING });
        try {
          // First the right, then the labels: another tab may have edited until it gave the right up.
          await askToEdit(setId, mine);
          if (mine === openings) await load(setId, sampleId);
        } catch (thrown) {
          if (mine === openings) set({ phase: 'failed', error: toStudioError(thrown) });
        }
      },
      async leave() {
        const { setId, access } = get();
        openings += 1;
        set({ setId: null, phase: 'closed', access: 'waiting', proposals: NO_PROPOSALS });
        if (setId === null || access !== 'editing') return;
        await queues.get(setId)?.flushed();
        tellEdited(setId);
        // Opened again meanwhile: the right stays.
        if (get().setId !== setId) await api.endEditing(setId);
      },
      async takeOver() {
        const { setId, access } = get();
        if (setId === null || access !== 'elsewhere') return;
        openings += 1;
        if (!(await api.beginEditing(setId)) || get().setId !== setId) return;
        const id = shown()?.id ?? null;
        try {
          await load(setId, id);
          set({ access: 'editing' });
          say('This tab edits the set now');
        } catch (thrown) {
          set({ phase: 'failed', error: toStudioError(thrown) });
        }
      },
      go: (place) => {
        if (place !== get().at) show(place);
      },
      goTo: (sampleId) => {
        const place = places.get(sampleId);
        if (place !== undefined && place !== get().at) show(place);
      },
      step(by) {
        const { at, samples } = get();
        const place = at + by;
        if (samples[place] === undefined) say(by === 1 ? 'This is the last picture' : 'This is the first picture');
        else show(place);
      },
      stepToOpen(by) {
        const { at, samples, tally } = get();
        const count = samples.length;
        for (let i = 1; i < count; i += 1) {
          const place = (((at + by * i) % count) + count) % count;
          if (samples[place]?.labelled !== false) continue;
          show(place);
          return;
        }
        say(tally.notYet === 0 ? 'Every picture is labelled' : 'This is the only picture that is not labelled yet');
      },
      select: (selection) => {
        set({ selection });
      },
      draw(box) {
        const { chosenClass, labels, access } = get();
        if (chosenClass === null && access === 'editing') {
          set({ classless: box });
          say('Type the name of its class');
          return;
        }
        const added = newBox(chosenClass ?? '', box);
        act({ what: `Box of ${added.className} added`, labels: withBoxes(labels, [added]), select: [added.key] });
      },
      place(moved, what, series) {
        const { labels } = get();
        const proposed = openProposed().filter((box) => moved.has(proposalKey(box)));
        if (proposed.length > 0) {
          take(proposed, 'changed', `Proposal ${what}`, (box, from) => ({
            ...box,
            boxXyxyPx: moved.get(proposalKey(from)) ?? box.boxXyxyPx,
          }));
          return;
        }
        const words = moved.size === 1 ? `Box ${what}` : `${boxesText(moved.size)} ${what}`;
        act({ what: words, labels: { ...labels, boxes: withPlaces(labels.boxes, moved) }, series });
      },
      choose(className) {
        const { classless, labels, selection } = get();
        if (!get().classes.includes(className)) return;
        set({ chosenClass: className });
        if (classless !== null) {
          set({ classless: null });
          get().draw(classless);
          return;
        }
        const proposed = selectedProposals();
        if (proposed.length > 0) {
          take(proposed, 'changed', `Proposal made ${className}`, (box) => ({ ...box, className }));
          return;
        }
        const boxes = selectedBoxes();
        if (boxes.length === 0) say(`The next box is of ${className}`);
        else
          act({
            what: `${boxesText(boxes.length)} made ${className}`,
            labels: relabelled(labels, selection, className),
          });
      },
      addClass(typed) {
        const name = typed.trim().normalize('NFC');
        const { classes, classless, labels, selection, access } = get();
        if (name === '' || access !== 'editing') return;
        if (classes.includes(name)) {
          get().choose(name);
          return;
        }
        set({ chosenClass: name, classless: null });
        const added = classless === null ? [] : [newBox(name, classless)];
        const changed = relabelled(labels, selection, name);
        act({
          what: `Class ${name} added`,
          classes: [...classes, name],
          labels: added.length > 0 ? withBoxes(labels, added) : changed,
          select: added.length > 0 ? added.map(({ key }) => key) : selection,
        });
      },
      flag(flag) {
        const { labels, selection } = get();
        if (selectedBoxes().length === 0) return;
        const after = flagged(labels, selection, flag);
        const isSet = after.boxes.some((box) => selection.includes(box.key) && box[flag]);
        act({ what: isSet ? `Marked as ${flag}` : `No more marked as ${flag}`, labels: after });
      },
      remove() {
        const { labels, selection } = get();
        const proposed = selectedProposals();
        const boxes = selectedBoxes();
        const id = shown()?.id ?? '';
        if (proposed.length > 0) {
          const next = openProposed().find((box) => !proposed.includes(box));
          act({
            what: proposed.length === 1 ? 'Proposal refused' : `${proposed.length} proposals refused`,
            verdicts: proposed.map((box) => ({ proposed: box, verdict: 'refused' })),
            select: next === undefined ? [] : [proposalKey(next)],
          });
          return;
        }
        if (boxes.length === 0) return;
        const what = boxes.length === 1 ? `Box of ${boxes[0]?.className} deleted` : `${boxes.length} boxes deleted`;
        act({ what, labels: without(labels, selection, labelledBefore.has(id)), select: [] });
      },
      review(labelled) {
        const { labels } = get();
        if (labels.boxes.length > 0) say('There are boxes on this picture: delete them first');
        else act({ what: labelled ? 'Reviewed, nothing here' : 'Not labelled yet', labels: { boxes: [], labelled } });
      },
      copy() {
        copied = selectedBoxes();
        say(copied.length === 0 ? 'Nothing is selected' : `${boxesText(copied.length)} copied`);
      },
      paste() {
        if (copied.length === 0) get().takeLast();
        else addCopies(copied, (count) => `${count} pasted`);
      },
      duplicate() {
        const sample = shown();
        if (sample === undefined) return;
        // Beside the first, where both can be seen.
        const by = (length: number, most: number): number => (most + 8 <= length ? 8 : 0);
        const doubled = selectedBoxes().map((box) => {
          const [x0, y0, x1, y1] = box.boxXyxyPx;
          const [dx, dy] = [by(sample.size.w, x1), by(sample.size.h, y1)];
          return { ...box, boxXyxyPx: [x0 + dx, y0 + dy, x1 + dx, y1 + dy] as const };
        });
        addCopies(doubled, (count) => `${count} doubled`);
      },
      takeLast() {
        const { samples, at } = get();
        const last = samples[places.get(lastId ?? '') ?? at - 1];
        addCopies(last === undefined ? [] : labelsOf(last).boxes, (count) => `${count} taken from ${last?.id}`);
      },
      undo: () => travel(true),
      redo: () => travel(false),
      propose: (proposals) => set({ proposals }),
      accept(all) {
        const proposed = all ? openProposed() : selectedProposals();
        const [first, another] = proposed;
        if (first === undefined) return;
        const what =
          another === undefined ? `Proposed ${first.className} accepted` : `${proposed.length} proposals accepted`;
        take(proposed, 'accepted', what);
      },
      retrySaving: () => {
        for (const queue of queues.values()) queue.retry();
      },
      say,
    };
  });
}

/** The picture that is shown; undefined for none. */
export function shownSample({ samples, at }: Pick<LabellingState, 'samples' | 'at'>): Sample | undefined {
  return samples[at];
}

function afterTimeout(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
