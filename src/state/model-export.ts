import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import { fileStem } from '../base/file-stem.ts';
import type { ExportKind, ExportResult, ExportStage, PredictApi } from '../rpc/protocol.ts';
import type { NamedWeights } from './weights-choices.ts';

/** Asks a person where a file is to go: null where the browser cannot, or throws an abort where they think better of it. */
export type PickTarget = (suggestedName: string) => Promise<FileSystemFileHandle | null>;

export interface ModelExportState {
  /** The weights that are to go out; null while the dialog is closed. */
  readonly weights: NamedWeights | null;
  readonly kind: ExportKind;
  readonly stage: ExportStage | null;
  readonly error: StudioError | null;
  /** What the last export came to, until another is begun. */
  readonly result: ExportResult | null;
  open(weights: NamedWeights): void;
  close(): void;
  choose(kind: ExportKind): void;
  /** Makes the export; `offer` hands a person what was not written where they said. */
  run(offer: (file: { readonly name: string; readonly blob: Blob }) => void): Promise<void>;
}

/** Exports of weights for other programs, by the predict worker. */
export function createModelExportStore(
  predict: Pick<PredictApi, 'exportModel'>,
  pickTarget: PickTarget,
): StoreApi<ModelExportState> {
  return createStore<ModelExportState>()((set, get) => ({
    weights: null,
    kind: 'folder',
    stage: null,
    error: null,
    result: null,
    open: (weights) => {
      // One that is being made stays in view.
      if (get().stage === null) set({ weights, error: null, result: null });
      else set({ weights: get().weights ?? weights });
    },
    close: () => set({ weights: null }),
    choose: (kind) => set({ kind, error: null, result: null }),
    run: async (offer) => {
      const { weights, kind, stage } = get();
      if (weights === null || stage !== null) return;
      set({ stage: 'opening', error: null, result: null });
      try {
        const target = await pickTarget(suggestedName(weights.name, kind));
        const request = { weights: weights.source, name: weights.name, to: kind };
        const result = await predict.exportModel(request, target, (now) => set({ stage: now }));
        if (result.file !== null) offer(result.file);
        set({ result });
      } catch (thrown) {
        const error = toStudioError(thrown);
        // They closed the browser's own dialog.
        if (error.code !== 'cancelled') set({ error });
      } finally {
        set({ stage: null });
      }
    },
  }));
}

/** What the file of an export is called. */
export function suggestedName(name: string, kind: ExportKind): string {
  const stem = fileStem(name, 'model');
  if (kind === 'safetensors') return `${stem}.safetensors`;
  return kind === 'safetensors-f16' ? `${stem}.fp16.safetensors` : `${stem}.zip`;
}
