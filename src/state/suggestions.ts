import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { EditApi, LookedAtPicture, PredictApi, ProposalRecord, RunSummary, Sample } from '../rpc/protocol.ts';
import type { ProposedBox, Verdict } from './labelling/proposals.ts';
import { type LabellingState, shownSample } from './labelling/state.ts';
import { lastWeightsOn } from './last-run.ts';
import { nextToLookAt, sampledFrom } from './suggesting/next-to-look-at.ts';
import { type OfferedPicture, offeredOrder, type SeenPicture } from './suggesting/offered-order.ts';
import { countsOf, isNothing, isOfSame, versionedKey, withRecord } from './suggesting/proposal-records.ts';
import { type ProposedNames, proposedBoxes, proposedNames, renamedBoxes } from './suggesting/proposed-boxes.ts';
import type { NamedWeights } from './weights-choices.ts';

export type SuggestingApi = Pick<PredictApi, 'openProposer' | 'closeProposer' | 'lookAt'> &
  Pick<EditApi, 'proposalRecords' | 'keepProposalRecord'>;

export interface SuggestionPorts {
  readonly api: SuggestingApi;
  /** The labels for which something is proposed. */
  readonly labelling: StoreApi<LabellingState>;
  /** The runs that are kept; null until they are known. */
  readonly runs: () => readonly RunSummary[] | null;
  /** Resolves once they are known, or cannot be had. */
  readonly listRuns: () => Promise<void>;
  /** Whether the graphics card is needed for a run: then only what is about to be shown is looked at. */
  readonly isTraining: () => boolean;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface SuggestionsState {
  /** Those that propose; null for none. */
  readonly weights: NamedWeights | null;
  /** Their classes; null until they are open. */
  readonly weightsClasses: readonly string[] | null;
  readonly phase: 'off' | 'opening' | 'open' | 'failed';
  readonly error: StudioError | null;
  /** What is proposed with less is not shown, and not accepted with the others. 0..1. */
  readonly confidence: number;
  /** Whether classes are proposed that the set lacks. */
  readonly others: boolean;
  /** Whether the weights have classes that the set lacks. */
  readonly hasOthers: boolean;
  /** Whether pictures are offered in the order that helps most, and not as they stand in the set. */
  readonly ordered: boolean;
  /** What is proposed, by picture; a picture that was looked at in vain has an empty list. */
  readonly boxes: ReadonlyMap<string, readonly ProposedBox[]>;
  /** How many of the pictures that are to be looked at were. */
  readonly looked: { readonly done: number; readonly of: number };
  /** The order in which pictures are offered, with the reasons. */
  readonly offered: readonly OfferedPicture[];
  /** What became of what was proposed in this set, by picture and weights. */
  readonly records: readonly ProposalRecord[];
  /** Has other weights propose, or none. */
  choose(weights: NamedWeights | null): Promise<void>;
  setConfidence(confidence: number): void;
  setOthers(others: boolean): void;
  setOrdered(ordered: boolean): void;
  /** Tries again what failed. */
  retry(): Promise<void>;
  /** Takes down what a person decided about a proposed box of a picture; null takes it back. */
  decided(sampleId: string, box: ProposedBox, verdict: Verdict | null): void;
}

/** Below this nothing is asked for: the confidence then filters without the worker. */
const LOWEST_SCORE = 0.05;
const USUAL_CONFIDENCE = 0.5;
/** The order is made anew after so many more pictures. */
const REORDER_EVERY = 8;

/** The boxes that weights propose for the set that is labelled, and the order in which its pictures are offered. */
export function createSuggestionsStore(ports: SuggestionPorts): StoreApi<SuggestionsState> {
  const { api, labelling, runs, listRuns, isTraining, clock } = ports;

  return createStore<SuggestionsState>()((set, get) => {
    /** Counts up with each set and each choice of weights: what was asked before is not waited for. */
    let generation = 0;
    let setId: string | null = null;
    /** Which checkpoint the open weights are. */
    let openedKey = '';
    let shownId: string | null = null;
    let isShownLabelled = false;
    let classes: readonly string[] = [];
    let isLooking = false;
    let names: ProposedNames = [];
    let seen = new Map<string, SeenPicture>();
    let found = new Map<string, LookedAtPicture>();
    /** In the order in which they were shown: they keep their place in what is offered. */
    let visited: string[] = [];
    /** To be looked at for the order, if there is time. */
    let sampled: string[] = [];
    let verdicts = new Map<string, Map<ProposedBox, Verdict>>();

    const sampleOf = (id: string): Sample | undefined => {
      const { samples, placeOf } = labelling.getState();
      return samples[placeOf(id) ?? -1];
    };

    const nextSample = (): Sample | undefined => {
      const isForOrder = get().ordered && !isTraining();
      return nextToLookAt(labelling.getState(), (id) => seen.has(id), isForOrder ? sampled : []);
    };

    const reorder = (): void => {
      const { ordered } = get();
      const before = visited.flatMap((id) => seen.get(id) ?? []);
      const isVisited = new Set(visited);
      const rest = [...seen.values()].filter(({ sampleId }) => !isVisited.has(sampleId) && isOpen(sampleId));
      const reasons = new Map(get().offered.map((one) => [one.sampleId, one]));
      const offered = ordered
        ? [
            ...visited.map((sampleId) => reasons.get(sampleId) ?? { sampleId, reason: '' }),
            ...offeredOrder(rest, before),
          ]
        : [];
      set({ offered });
      labelling.getState().offer(offered.map(({ sampleId }) => sampleId));
    };
    const isOpen = (id: string): boolean => sampleOf(id)?.labelled === false;

    const tellLooked = (): void => {
      const of = new Set([...sampled.filter(isOpen), ...seen.keys()]).size;
      set({ boxes: new Map([...seen].map(([id, { boxes }]) => [id, boxes])), looked: { done: seen.size, of } });
    };

    const keep = (sample: Sample, look: LookedAtPicture | null): void => {
      if (look !== null) found.set(sample.id, look);
      seen.set(sample.id, {
        sampleId: sample.id,
        boxes: look === null ? [] : proposedBoxes(look.detections, names, sample.size),
        descriptor: look?.descriptor ?? new Float32Array(),
      });
      tellLooked();
    };

    /** The names under which the open weights propose to the set as it is by now. */
    const nameBoxes = (others: boolean): void => {
      const labels = get().weightsClasses ?? [];
      classes = labelling.getState().classes;
      const withAll = proposedNames(classes, labels, true);
      const withOwn = proposedNames(classes, labels, false);
      names = others ? withAll : withOwn;
      set({ others, hasOthers: withAll.some((name, label) => name !== withOwn[label]) });
      const { decided } = labelling.getState();
      for (const [id, { detections }] of found) {
        const before = seen.get(id);
        const sample = sampleOf(id);
        if (before === undefined || sample === undefined) continue;
        const fresh = proposedBoxes(detections, names, sample.size);
        seen.set(id, { ...before, boxes: renamedBoxes(before.boxes, fresh, decided) });
      }
      tellLooked();
      reorder();
    };

    /** One picture after the other, until nothing is left or something else is asked for. */
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      const mine = generation;
      try {
        for (let since = 0; mine === generation && get().phase === 'open'; since += 1) {
          const sample = nextSample();
          if (sample === undefined || setId === null) break;
          const result = await lookAt(setId, sample.imagePath);
          if (mine !== generation) break;
          keep(sample, result);
          if (since % REORDER_EVERY === 0) reorder();
        }
        if (mine === generation && get().phase === 'open') reorder();
      } catch (thrown) {
        if (mine === generation) set({ phase: 'failed', error: toStudioError(thrown) });
      }
      isLooking = false;
      if (mine !== generation) void look();
    };

    /** Goes on looking; by a newer checkpoint where the run that proposes has one. */
    const lookWithNewest = async (): Promise<void> => {
      const { weights, phase } = get();
      // While it trains, the list is as old as its beginning.
      if (isTraining()) void listRuns().catch(() => undefined);
      const isOld = phase === 'open' && weights !== null && versionedKey(weights.source, runs()) !== openedKey;
      await (isOld ? openWeights(weights) : look());
    };

    /** Null for a picture that cannot be looked at; the editor says what is wrong with it. */
    const lookAt = async (id: string, imagePath: string): Promise<LookedAtPicture | null> => {
      try {
        return await api.lookAt(id, imagePath, LOWEST_SCORE);
      } catch (thrown) {
        const { code, details } = toStudioError(thrown);
        if (code === 'bad-image' || (code === 'not-found' && 'imagePath' in details)) return null;
        const { weights } = get();
        if (code !== 'not-found' || weights === null) throw thrown;
        // A worker that was started afresh, for whatever reason, has none open.
        await api.openProposer(weights.source);
        return api.lookAt(id, imagePath, LOWEST_SCORE);
      }
    };

    /** Has weights propose from now on; what they have looked at already stays where it is the same ones again. */
    const openWeights = async (weights: NamedWeights, isAgain = false): Promise<void> => {
      generation += 1;
      const mine = generation;
      if (!isAgain) forget();
      set({ weights, ...(isAgain ? {} : { weightsClasses: null }), phase: 'opening', error: null });
      try {
        const { classes: labels } = await api.openProposer(weights.source);
        if (mine !== generation) return;
        openedKey = versionedKey(weights.source, runs());
        set({ weightsClasses: labels, phase: 'open' });
        if (!isAgain) nameBoxes(labelling.getState().classes.length === 0);
        void look();
      } catch (thrown) {
        if (mine === generation) set({ phase: 'failed', error: toStudioError(thrown) });
      }
    };

    const forget = (): void => {
      seen = new Map();
      found = new Map();
      visited = shownId === null ? [] : [shownId];
      verdicts = new Map();
      sampled = sampledFrom(labelling.getState().samples);
      set({ boxes: new Map(), looked: { done: 0, of: sampled.length }, offered: [] });
      labelling.getState().offer([]);
    };

    const close = (): void => {
      generation += 1;
      forget();
      set({ weights: null, weightsClasses: null, phase: 'off', error: null });
      void api.closeProposer().catch(() => undefined);
    };

    const openSet = async (id: string): Promise<void> => {
      set({ records: [] });
      if (runs() === null) await listRuns().catch(() => undefined);
      if (setId !== id) return;
      // Who labels after a first training is helped by it.
      const weights = lastWeightsOn(runs(), id);
      if (weights !== null) void openWeights(weights);
      try {
        const records = await api.proposalRecords(id);
        if (setId === id) set({ records: [...records, ...get().records] });
      } catch {
        // The figures of before are missing then; nothing else needs them.
      }
    };

    /** Takes down how it stands with what was proposed for a picture. */
    const record = (sampleId: string): void => {
      const { weights, confidence, records } = get();
      const sample = sampleOf(sampleId);
      const proposed = seen.get(sampleId)?.boxes.filter(({ score }) => score >= confidence);
      if (weights === null || setId === null || sample === undefined || proposed === undefined) return;
      const counts = countsOf({ sample, proposed, verdicts: verdicts.get(sampleId) ?? new Map() });
      const of = { weights: versionedKey(weights.source, runs()), sampleId };
      // What was decided and undone takes the place of what was decided.
      if (isNothing(counts) && !records.some((other) => isOfSame(other, of))) return;
      const entry = { ...of, ...counts, weightsName: weights.name, atMs: clock() };
      set({ records: withRecord(records, entry) });
      // A figure that is lost is no label that is lost.
      void api.keepProposalRecord(setId, entry).catch(() => undefined);
    };

    labelling.subscribe((state) => {
      if (setId !== null && (state.setId !== setId || state.phase !== 'ready')) {
        if (shownId !== null) record(shownId);
        shownId = null;
        setId = null;
        close();
      }
      if (state.phase !== 'ready' || state.setId === null || state.access !== 'editing') return;
      if (setId !== state.setId) {
        setId = state.setId;
        void openSet(state.setId);
      }
      const id = shownSample(state)?.id ?? null;
      if (id !== shownId) {
        if (shownId !== null) record(shownId);
        shownId = id;
        if (id !== null && !visited.includes(id)) {
          visited = [...visited, id];
          if (get().phase === 'open') reorder();
        }
        void lookWithNewest();
      } else if (isShownLabelled && shownSample(state)?.labelled === false) void look();
      isShownLabelled = shownSample(state)?.labelled === true;
      if (state.classes !== classes && get().phase === 'open') nameBoxes(get().others);
    });

    return {
      weights: null,
      weightsClasses: null,
      phase: 'off',
      error: null,
      confidence: USUAL_CONFIDENCE,
      others: false,
      hasOthers: false,
      ordered: true,
      boxes: new Map(),
      looked: { done: 0, of: 0 },
      offered: [],
      records: [],

      async choose(weights) {
        if (shownId !== null) record(shownId);
        if (weights === null) close();
        else await openWeights(weights);
      },
      setConfidence: (confidence) => set({ confidence }),
      setOthers: nameBoxes,
      setOrdered(ordered) {
        set({ ordered });
        reorder();
        void look();
      },
      async retry() {
        const { weights } = get();
        if (weights !== null) await openWeights(weights, get().weightsClasses !== null);
      },
      decided(sampleId, box, verdict) {
        const of = verdicts.get(sampleId) ?? new Map<ProposedBox, Verdict>();
        verdicts.set(sampleId, of);
        if (verdict === null) of.delete(box);
        else of.set(box, verdict);
        record(sampleId);
      },
    };
  });
}
