import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { PredictApi, Prediction, WeightsFile } from '../rpc/protocol.ts';
import { kindOfFile } from './dropped-file.ts';

/** Everything above this score is found once; the page's own threshold then filters without the worker. */
export const LOWEST_SCORE = 0.05;

export interface ShownPicture {
  readonly id: number;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly url: string;
  readonly status: 'waiting' | 'predicting' | 'done' | 'failed';
  readonly prediction: Prediction | null;
  readonly error: StudioError | null;
}

export interface LoadedWeights {
  readonly source: 'bundled' | 'run' | 'file';
  /** Of the run, where they come from one, else of the file. */
  readonly name: string;
  readonly classes: readonly string[];
}

export interface PredictionState {
  /** Null until the first weights are in. */
  readonly weights: LoadedWeights | null;
  readonly loading: boolean;
  readonly weightsError: StudioError | null;
  /** Newest first. */
  readonly pictures: readonly ShownPicture[];
  readonly selectedId: number | null;
  /** The index of the highlighted box in the selected picture's detections. */
  readonly highlighted: number | null;
  /** A sentence for each file that was refused, of the last drop. */
  readonly refusals: readonly string[];
  /**
   * Loads weights and predicts every picture again; what was loaded stays where that fails. `runName` is what weights of a
   * run are called; others go by the name of their file.
   */
  load(weights: WeightsFile | 'bundled', source: LoadedWeights['source'], runName?: string): Promise<void>;
  /** Takes whatever was dropped, pasted or chosen: pictures are predicted, weights are loaded, the rest is told what it is. */
  take(files: readonly File[]): Promise<void>;
  select(id: number): void;
  highlight(index: number | null): void;
  clear(): void;
}

/** Pictures and what was found in them, by the predict worker. */
export function createPredictionStore(predict: PredictApi): StoreApi<PredictionState> {
  let nextId = 1;
  let busy = false;

  return createStore<PredictionState>()((set, get) => {
    const change = (id: number, part: Partial<ShownPicture>): void => {
      set({ pictures: get().pictures.map((picture) => (picture.id === id ? { ...picture, ...part } : picture)) });
    };

    /** One picture at a time, in the order in which they came. */
    const predictWaiting = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      for (;;) {
        const picture = get().pictures.findLast(({ status }) => status === 'waiting');
        if (picture === undefined || get().loading || get().weights === null) break;
        change(picture.id, { status: 'predicting' });
        const usedWeights = get().weights;
        try {
          const prediction = await predict.predict(picture.bytes, LOWEST_SCORE);
          // Other weights may have come in meanwhile: then it waits for its turn again.
          if (get().weights === usedWeights) change(picture.id, { status: 'done', prediction, error: null });
        } catch (thrown) {
          if (get().weights === usedWeights) {
            change(picture.id, { status: 'failed', prediction: null, error: toStudioError(thrown) });
          }
        }
      }
      busy = false;
    };

    const load: PredictionState['load'] = async (weights, source, runName) => {
      set({ loading: true, weightsError: null });
      try {
        const { name, classes } = await predict.load(weights);
        set({
          weights: { source, name: runName ?? name, classes },
          highlighted: null,
          pictures: get().pictures.map((picture) => ({ ...picture, status: 'waiting', prediction: null, error: null })),
        });
      } catch (thrown) {
        set({ weightsError: toStudioError(thrown) });
      }
      set({ loading: false });
      await predictWaiting();
    };

    return {
      weights: null,
      loading: false,
      weightsError: null,
      pictures: [],
      selectedId: null,
      highlighted: null,
      refusals: [],
      load,

      take: async (files) => {
        const refusals: string[] = [];
        const pictures: ShownPicture[] = [];
        let weights: WeightsFile | null = null;
        for (const file of files) {
          const bytes = new Uint8Array(await file.arrayBuffer());
          const found = kindOfFile(file.name, bytes.subarray(0, 512));
          if (found.kind === 'neither') refusals.push(found.reason);
          else if (found.kind === 'weights') weights = { name: file.name, bytes };
          else {
            const url = URL.createObjectURL(new Blob([bytes]));
            const waiting = { status: 'waiting', prediction: null, error: null } as const;
            pictures.unshift({ id: nextId, name: file.name, bytes, url, ...waiting });
            nextId += 1;
          }
        }
        set({ refusals });
        const newest = pictures[0];
        if (newest !== undefined) {
          set({ pictures: [...pictures, ...get().pictures], selectedId: newest.id, highlighted: null });
        }
        if (weights !== null) await load(weights, 'file');
        else if (get().weights === null && !get().loading && pictures.length > 0) await load('bundled', 'bundled');
        else await predictWaiting();
      },

      select: (id) => {
        if (get().selectedId !== id) set({ selectedId: id, highlighted: null });
      },
      highlight: (index) => set({ highlighted: index }),
      clear: () => {
        for (const { url } of get().pictures) URL.revokeObjectURL(url);
        set({ pictures: [], selectedId: null, highlighted: null, refusals: [] });
      },
    };
  });
}
