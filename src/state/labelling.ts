import { createStore, type StoreApi } from 'zustand/vanilla';
import { BUNDLED_SET_ID } from '../base/bundled.ts';
import { toStudioError } from '../base/errors.ts';
import type { DataApi, EditApi, Sample } from '../rpc/protocol.ts';
import { createActing } from './labelling/acting.ts';
import { boxActions } from './labelling/box-actions.ts';
import { tallyOf } from './labelling/class-counts.ts';
import { NO_HISTORY } from './labelling/history.ts';
import { labelsOf, type PictureLabels } from './labelling/labels.ts';
import { offeredPlaces } from './labelling/offered.ts';
import { NO_PROPOSALS } from './labelling/proposals.ts';
import { createSaveQueue, type SaveQueue, type SaveStatus } from './labelling/save-queue.ts';
import type { Selection } from './labelling/selection.ts';
import { type LabellingState, type LabellingStore, shownSample, tellReader } from './labelling/state.ts';

export type LabellingApi = Pick<DataApi, 'dataSet'> & Pick<EditApi, 'beginEditing' | 'endEditing' | 'editSamples'>;

export interface LabellingPorts {
  /** A set's labels were edited, and are kept: what others hold of it is old. */
  readonly onEdited?: (dataSetId: string) => void;
  /** Calls back after so many milliseconds; returns how to call it off. */
  readonly later?: (work: () => void, ms: number) => () => void;
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
    let openings = 0;

    const shown = (): Sample | undefined => shownSample(get());
    const say = (text: string): void => tellReader(store, text);

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

    const store: LabellingStore = { get, set };
    const { act, travel } = createActing(store, {
      placeOf: (sampleId) => places.get(sampleId),
      show,
      save: (setId, samples, classes) => queueOf(setId).save(samples, classes),
    });

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
      said: { text: '', count: 0, isShown: false },
      proposals: NO_PROPOSALS,
      decided: new Set(),
      offered: [],

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
        set({ setId: null, phase: 'closed', access: 'waiting', proposals: NO_PROPOSALS, offered: [] });
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
      placeOf: (sampleId) => places.get(sampleId),
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
        const { at, samples, tally, offered } = get();
        const order = offeredPlaces(samples.length, offered, get().placeOf);
        const from = order.indexOf(at);
        const round = [...order.slice(from + 1), ...order.slice(0, Math.max(from, 0))];
        const next = (by === 1 ? round : round.reverse()).find((place) => samples[place]?.labelled === false);
        if (next !== undefined) {
          show(next);
          return;
        }
        say(tally.notYet === 0 ? 'Every picture is labelled' : 'This is the only picture that is not labelled yet');
      },
      select: (selection) => {
        set({ selection });
      },
      ...boxActions(store, {
        act,
        lastPlace: () => (lastId === null ? undefined : places.get(lastId)),
        wasLabelled: (sampleId) => labelledBefore.has(sampleId),
      }),
      undo: () => travel(true),
      redo: () => travel(false),
      propose: (proposals) => set({ proposals }),
      offer: (offered) => set({ offered }),
      retrySaving: () => {
        for (const queue of queues.values()) queue.retry();
      },
      say,
    };
  });
}

function afterTimeout(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
