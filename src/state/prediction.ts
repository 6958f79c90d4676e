import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Size } from '../base/boxes.ts';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { AdapterReport, PredictApi, PredictEngine, Prediction, WeightsSource } from '../rpc/protocol.ts';
import { pictureSize } from './picture-size.ts';

/** Everything above this score is found once; the page's own threshold then filters without the worker. */
export const LOWEST_SCORE = 0.05;

export interface ShownPicture {
  readonly id: number;
  readonly name: string;
  /** Read when it is predicted, so that many pictures take no memory. */
  readonly file: Blob;
  /** Null for a picture that is too large to be shown. */
  readonly url: string | null;
  /** As displayed, from the header; null where it cannot be read. */
  readonly size: Size | null;
  readonly status: 'waiting' | 'predicting' | 'done' | 'failed';
  readonly prediction: Prediction | null;
  readonly error: StudioError | null;
  /** Predicted before any other: the time that it took has compiling shaders in it. */
  readonly first: boolean;
}

export interface LoadedWeights {
  readonly source: WeightsSource;
  readonly name: string;
  readonly classes: readonly string[];
  /** What can predict with them. */
  readonly engines: readonly PredictEngine[];
}

export interface PredictionState {
  /** Null until the first weights are in. */
  readonly weights: LoadedWeights | null;
  readonly loading: boolean;
  readonly weightsError: StudioError | null;
  /** The files that were given last, so that they can be chosen again. */
  readonly given: LoadedWeights | null;
  /** Newest first. */
  readonly pictures: readonly ShownPicture[];
  readonly selectedId: number | null;
  /** The index of the highlighted box in the selected picture's detections. */
  readonly highlighted: number | null;
  /** Who predicts, as a person chose it or as it has to be. */
  readonly engine: PredictEngine;
  /** On what pictures are predicted; null before the first. */
  readonly ranOn: AdapterReport | null;
  /** Why nothing is predicted any more: the worker died or there is no device. Pictures wait until `retry`. */
  readonly halted: StudioError | null;
  /** Loads weights and predicts every picture again; what was loaded stays where that fails. */
  load(source: WeightsSource, name?: string): Promise<void>;
  /** Loads the bundled weights unless there are any, or some are on their way. */
  loadAny(): Promise<void>;
  /** Predicts every picture again by another engine. */
  setEngine(engine: PredictEngine): Promise<void>;
  /** Takes pictures in the order in which they were given. */
  add(files: readonly File[]): Promise<void>;
  /** After `halted`: loads the weights again, as a fresh worker has none, and predicts what waits. */
  retry(): Promise<void>;
  select(id: number): void;
  highlight(index: number | null): void;
  remove(id: number): void;
  clear(): void;
}

/** More than this takes a browser seconds to draw; it is predicted, but not shown before its size is known to be taken. */
const MOST_SHOWN_PIXELS = 60_000_000;

/** Pictures and what was found in them, by the predict worker. */
export function createPredictionStore(
  predict: Pick<PredictApi, 'adapter' | 'load' | 'predict'>,
): StoreApi<PredictionState> {
  let nextId = 1;
  let busy = false;
  let loads = 0;
  /** What a person wants, where the weights and the machine let them. */
  let wanted: PredictEngine = 'detrain';

  return createStore<PredictionState>()((set, get) => {
    const change = (id: number, part: Partial<ShownPicture>): void => {
      set({ pictures: get().pictures.map((picture) => (picture.id === id ? { ...picture, ...part } : picture)) });
    };

    const predictOne = async (
      picture: ShownPicture,
      weights: LoadedWeights,
      engine: PredictEngine,
    ): Promise<Prediction> => {
      const bytes = new Uint8Array(await picture.file.arrayBuffer());
      try {
        return await predict.predict(bytes, LOWEST_SCORE, engine);
      } catch (thrown) {
        // A worker that was started afresh, for whatever reason, holds no weights.
        if (toStudioError(thrown).code !== 'not-found') throw thrown;
        await predict.load(weights.source);
        return predict.predict(bytes, LOWEST_SCORE, engine);
      }
    };

    const isCurrent = (weights: LoadedWeights, engine: PredictEngine): boolean =>
      get().weights === weights && get().engine === engine;

    /** All pictures wait for their turn again. */
    const allWaiting = (): Pick<PredictionState, 'pictures' | 'highlighted'> => ({
      highlighted: null,
      pictures: get().pictures.map((picture) => ({ ...picture, status: 'waiting', prediction: null, error: null })),
    });

    /** One picture at a time, in the order in which they came. */
    const predictWaiting = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      for (;;) {
        const { pictures, weights, loading, halted, engine } = get();
        const picture = pictures.findLast(({ status }) => status === 'waiting');
        if (picture === undefined || loading || weights === null || halted !== null) break;
        change(picture.id, { status: 'predicting', first: get().ranOn === null });
        try {
          const prediction = await predictOne(picture, weights, engine);
          // Other weights may have come in meanwhile: then it waits for its turn again.
          if (!isCurrent(weights, engine)) continue;
          change(picture.id, { status: 'done', prediction, error: null });
          if (get().ranOn === null) {
            const ranOn = await predict.adapter(engine);
            if (get().engine === engine) set({ ranOn });
          }
        } catch (thrown) {
          if (!isCurrent(weights, engine)) continue;
          const error = toStudioError(thrown);
          const other = otherThanWebGpu(weights);
          if (error.code === 'gpu-unavailable' && engine === 'detrain' && other !== undefined) {
            set({ engine: other });
            change(picture.id, { status: 'waiting' });
          } else if (stopsAll(error)) {
            set({ halted: error });
            change(picture.id, { status: 'waiting' });
          } else change(picture.id, { status: 'failed', prediction: null, error });
        }
      }
      busy = false;
    };

    const load: PredictionState['load'] = async (source, name) => {
      loads += 1;
      const mine = loads;
      set({ loading: true, weightsError: null, halted: null });
      try {
        const found = await predict.load(source);
        const weights = { source, name: name ?? found.name, classes: found.classes, engines: found.engines };
        // The worker keeps what was asked for last; so does the page.
        if (mine === loads) {
          set({
            weights,
            ...(source.kind === 'files' ? { given: weights } : {}),
            ...engineFor(weights),
            ...allWaiting(),
          });
        }
      } catch (thrown) {
        if (mine === loads) set({ weightsError: toStudioError(thrown) });
      }
      if (mine !== loads) return;
      set({ loading: false });
      await predictWaiting();
    };

    /** The engine that is wanted, where the weights can be run by it. */
    const engineFor = ({ engines }: LoadedWeights): Partial<PredictionState> => {
      const engine = engines.includes(wanted) ? wanted : (engines[0] ?? wanted);
      return engine === get().engine ? {} : { engine, ranOn: null };
    };

    const forget = (pictures: readonly ShownPicture[]): void => {
      for (const { url } of pictures) if (url !== null) URL.revokeObjectURL(url);
    };

    return {
      weights: null,
      loading: false,
      weightsError: null,
      given: null,
      pictures: [],
      selectedId: null,
      highlighted: null,
      engine: 'detrain',
      ranOn: null,
      halted: null,
      load,

      loadAny: async () => {
        if (get().weights === null && !get().loading) await load({ kind: 'bundled' });
      },

      setEngine: async (engine) => {
        wanted = engine;
        if (get().engine === engine) return;
        set({ engine, ranOn: null, halted: null, ...allWaiting() });
        await predictWaiting();
      },

      add: async (files) => {
        const pictures: ShownPicture[] = [];
        for (const file of files) {
          const size = await pictureSize(file);
          const shown = size !== null && size.h * size.w <= MOST_SHOWN_PIXELS;
          const url = shown ? URL.createObjectURL(file) : null;
          const waiting = { status: 'waiting', prediction: null, error: null, first: false } as const;
          pictures.unshift({ id: nextId, name: file.name, file, url, size, ...waiting });
          nextId += 1;
        }
        const newest = pictures[0];
        if (newest === undefined) return;
        set({ pictures: [...pictures, ...get().pictures], selectedId: newest.id, highlighted: null });
        if (get().weights === null) await get().loadAny();
        else await predictWaiting();
      },

      retry: async () => {
        const { weights, halted, loading } = get();
        if (halted === null || loading) return;
        if (weights === null) {
          await load({ kind: 'bundled' });
          return;
        }
        set({ loading: true, halted: null });
        try {
          await predict.load(weights.source);
        } catch (thrown) {
          set({ halted: toStudioError(thrown) });
        }
        set({ loading: false });
        await predictWaiting();
      },

      select: (id) => {
        if (get().selectedId !== id) set({ selectedId: id, highlighted: null });
      },
      highlight: (index) => set({ highlighted: index }),

      remove: (id) => {
        const { pictures, selectedId } = get();
        const at = pictures.findIndex((picture) => picture.id === id);
        if (at < 0) return;
        forget(pictures.slice(at, at + 1));
        const left = pictures.toSpliced(at, 1);
        const next = left[Math.min(at, left.length - 1)]?.id ?? null;
        set({ pictures: left, ...(selectedId === id ? { selectedId: next, highlighted: null } : {}) });
      },
      clear: () => {
        forget(get().pictures);
        set({ pictures: [], selectedId: null, highlighted: null });
      },
    };
  });
}

/** What predicts with these weights where there is no WebGPU. */
function otherThanWebGpu({ engines }: LoadedWeights): PredictEngine | undefined {
  return engines.find((engine) => engine !== 'detrain');
}

/** True where the next picture would fail the same way: the worker is dead, or there is no device to be had. */
function stopsAll(error: StudioError): boolean {
  return 'worker' in error.details || error.code === 'gpu-unavailable' || error.code === 'gpu-lost';
}
