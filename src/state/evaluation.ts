import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { EvaluationResult, PredictApi, WeightsSource } from '../rpc/protocol.ts';
import { weightsKey } from './weights-choices.ts';

/** What the Evaluate room is set to. */
export interface EvaluationChoice {
  readonly weights: WeightsSource;
  /** Of the weights, for people. */
  readonly name: string;
  readonly dataSetId: string;
  readonly split: string;
}

/** What a result is the result of. */
export interface EvaluatedChoice extends EvaluationChoice {
  readonly limit: number | null;
}

/** One of several evaluations of the same pictures. */
export interface Opinion {
  readonly of: EvaluatedChoice;
  readonly result: EvaluationResult;
}

export interface EvaluationProgress {
  readonly done: number;
  /** 0 until it is known. */
  readonly total: number;
  readonly secondsLeft: number | null;
}

/** Which pictures are looked at: all, those behind a cell of the confusion matrix, or those with an error of a kind. */
export type PicturesOf =
  | { readonly kind: 'all' }
  /** Class ids; the number of classes stands for "nothing there" and "missed". */
  | { readonly kind: 'cell'; readonly truth: number; readonly found: number }
  | { readonly kind: 'error'; readonly error: string };

export interface EvaluationState {
  readonly choice: EvaluationChoice | null;
  /** The first so many pictures of the split; null for all. */
  readonly limit: number | null;
  readonly phase: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  /** While it runs. */
  readonly progress: EvaluationProgress | null;
  readonly cancelling: boolean;
  readonly error: StudioError | null;
  /** The last one that came to its end; it stays while another runs. */
  readonly result: EvaluationResult | null;
  readonly resultOf: EvaluatedChoice | null;
  /** The last one, and those before it of the same pictures with the same labels by other weights: together they tell more of the labels. */
  readonly opinions: readonly Opinion[];
  /** Boxes with this score or more count; null for the one with the best F1. */
  readonly confidence: number | null;
  /** The class whose curve is drawn, by its id; null for all together. */
  readonly classId: number | null;
  readonly picturesOf: PicturesOf;
  /** The picture that is shown large. */
  readonly openedId: string | null;
  choose(choice: EvaluationChoice): void;
  setLimit(limit: number | null): void;
  /** Evaluates what is chosen; nothing while one goes on. */
  run(): Promise<void>;
  cancel(): Promise<void>;
  setConfidence(confidence: number | null): void;
  chooseClass(classId: number | null): void;
  showPictures(of: PicturesOf): void;
  open(sampleId: string | null): void;
}

const MOST_OPINIONS = 5;
const ALL: PicturesOf = { kind: 'all' };

/** The evaluation of one set of weights on one split, by the predict worker. */
export function createEvaluationStore(
  predict: Pick<PredictApi, 'evaluate' | 'cancelEvaluation'>,
): StoreApi<EvaluationState> {
  return createStore<EvaluationState>()((set, get) => ({
    choice: null,
    limit: null,
    phase: 'idle',
    progress: null,
    cancelling: false,
    error: null,
    result: null,
    resultOf: null,
    opinions: [],
    confidence: null,
    classId: null,
    picturesOf: ALL,
    openedId: null,

    // Why the last one failed is no news about another choice.
    choose: (choice) => set({ choice, error: null }),
    setLimit: (limit) => set({ limit }),

    run: async () => {
      const { choice, limit, phase } = get();
      if (choice === null || phase === 'running') return;
      set({ phase: 'running', progress: { done: 0, total: 0, secondsLeft: null }, cancelling: false, error: null });
      const { weights, dataSetId, split } = choice;
      try {
        const result = await predict.evaluate({ weights, dataSetId, split, limit }, (done, total, secondsLeft) => {
          if (get().phase === 'running') set({ progress: { done, total, secondsLeft } });
        });
        const of = { ...choice, limit };
        set({
          phase: 'done',
          result,
          resultOf: of,
          opinions: withOpinion(get().opinions, { of, result }),
          confidence: null,
          classId: null,
          picturesOf: ALL,
          openedId: null,
        });
      } catch (thrown) {
        const error = toStudioError(thrown);
        if (error.code === 'cancelled') set({ phase: 'cancelled' });
        else set({ phase: 'failed', error });
      }
      set({ progress: null, cancelling: false });
    },
    cancel: async () => {
      if (get().phase !== 'running') return;
      set({ cancelling: true });
      try {
        await predict.cancelEvaluation();
      } catch (thrown) {
        set({ cancelling: false, error: toStudioError(thrown) });
      }
    },

    setConfidence: (confidence) => set({ confidence }),
    chooseClass: (classId) => set({ classId }),
    showPictures: (picturesOf) => set({ picturesOf }),
    open: (openedId) => set({ openedId }),
  }));
}

/** The newest first, without those of other pictures or labels, and without an older one of the same weights. */
function withOpinion(before: readonly Opinion[], newest: Opinion): readonly Opinion[] {
  const { of, result } = newest;
  const others = before.filter(
    (other) =>
      other.of.dataSetId === of.dataSetId &&
      other.of.split === of.split &&
      other.of.limit === of.limit &&
      other.result.dataSetHash === result.dataSetHash &&
      isSame(other.result.classes, result.classes) &&
      isSame(idsOf(other.result), idsOf(result)) &&
      weightsKey(other.of.weights) !== weightsKey(of.weights),
  );
  return [newest, ...others].slice(0, MOST_OPINIONS);
}

/** A set of the same hash may have other splits, or classes without a box. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}

function idsOf({ pictures }: EvaluationResult): readonly string[] {
  return pictures.map(({ sampleId }) => sampleId);
}
