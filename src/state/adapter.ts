import { createStore, type StoreApi } from 'zustand/vanilla';
import { adapterName, isSoftwareAdapter, noAdapterMessage } from '../base/adapter-name.ts';
import { StudioError, toStudioError } from '../base/errors.ts';
import type { AdapterReport } from '../rpc/protocol.ts';
import { adapterAdvice } from './adapter-advice.ts';

export interface AdapterState {
  /** Null until the browser has answered. */
  readonly report: AdapterReport | null;
  /** What to do where the adapter looks like the weaker one of two, or null. */
  readonly advice: string | null;
  /** `gpu-unavailable` where the browser has no WebGPU or no adapter; stays while it is asked again. */
  readonly error: StudioError | null;
  readonly asking: boolean;
  /** Asks the browser for its graphics adapter, again after a failure; no device is made and no worker started. */
  ask(): Promise<void>;
}

/** What the page knows of the graphics adapter; `gpu` is `navigator.gpu`, `platform` what the browser runs on. */
export function createAdapterStore(gpu: () => GPU | undefined, platform: string): StoreApi<AdapterState> {
  return createStore<AdapterState>()((set) => ({
    report: null,
    advice: null,
    error: null,
    asking: false,
    ask: async () => {
      set({ asking: true });
      try {
        const found = gpu();
        const adapter = await found?.requestAdapter({ powerPreference: 'high-performance' });
        if (!adapter) throw new StudioError('gpu-unavailable', noAdapterMessage(found !== undefined));
        const report = { name: adapterName(adapter.info), software: isSoftwareAdapter(adapter.info) };
        set({ report, advice: adapterAdvice(adapter.info, platform), error: null, asking: false });
      } catch (thrown) {
        set({ report: null, advice: null, error: toStudioError(thrown), asking: false });
      }
    },
  }));
}
