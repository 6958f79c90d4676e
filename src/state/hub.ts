import { createStore, type StoreApi } from 'zustand/vanilla';
import { bytesText } from '../base/bytes-text.ts';
import { durationText } from '../base/duration-text.ts';
import { type StudioError, toStudioError } from '../base/errors.ts';
import { HUB_MODELS, hubNameText, parseHubName } from '../base/hub-models.ts';
import type { HubApi, HubModelSummary, HubProgress } from '../rpc/protocol.ts';
import type { StatusReport } from './status.ts';
import type { NamedWeights } from './weights-choices.ts';

export interface HubState {
  /** Kept in this browser, whole or in part; null until the worker has answered. */
  readonly models: readonly HubModelSummary[] | null;
  /** Why the list could not be had. */
  readonly listError: StudioError | null;
  /** The model that is being fetched. */
  readonly fetching: HubProgress | null;
  /** Why the last one was not fetched or deleted; not where it was cancelled. */
  readonly fault: { readonly name: string; readonly error: StudioError } | null;
  readonly lastRemoval: { readonly name: string; readonly freedBytes: number } | null;
  /** For private models. Kept in the memory of this page alone. */
  readonly token: string;
  refresh(): Promise<void>;
  /** Fetches a model from the hub at that address; true once it is kept whole. */
  fetch(name: string, hub: string): Promise<boolean>;
  cancel(): Promise<void>;
  remove(name: string): Promise<void>;
  setToken(token: string): void;
  dismiss(): void;
}

/** The models of the hub that this browser keeps, and the one that is being fetched. */
export function createHubStore(api: HubApi): StoreApi<HubState> {
  return createStore<HubState>()((set, get) => ({
    models: null,
    listError: null,
    fetching: null,
    fault: null,
    lastRemoval: null,
    token: '',
    refresh: async () => {
      try {
        set({ models: await api.hubModels(), listError: null });
      } catch (thrown) {
        set({ listError: toStudioError(thrown) });
      }
    },
    fetch: async (text, hub) => {
      if (get().fetching !== null) return false;
      const name = keptName(text);
      set({ fetching: notBegun(name), fault: null, lastRemoval: null });
      let isWhole = false;
      try {
        const token = get().token.trim();
        await api.fetchHubModel({ name, hub, token: token === '' ? null : token }, (fetching) => {
          // A message may come after the end.
          if (get().fetching !== null) set({ fetching });
        });
        isWhole = true;
      } catch (thrown) {
        const error = toStudioError(thrown);
        if (error.code !== 'cancelled') set({ fault: { name, error } });
      } finally {
        set({ fetching: null });
      }
      await get().refresh();
      return isWhole;
    },
    cancel: async () => {
      try {
        await api.cancelHubFetch();
      } catch (thrown) {
        set({ fault: { name: get().fetching?.name ?? '', error: toStudioError(thrown) } });
      }
    },
    remove: async (name) => {
      set({ fault: null, lastRemoval: null });
      try {
        const { freedBytes } = await api.removeHubModel(name);
        set({ lastRemoval: { name, freedBytes } });
      } catch (thrown) {
        set({ fault: { name, error: toStudioError(thrown) } });
      }
      await get().refresh();
    },
    setToken: (token) => set({ token }),
    dismiss: () => set({ fault: null, lastRemoval: null }),
  }));
}

/** The name under which a model is kept; what is no name stays as it is, and is refused when it is fetched. */
export function keptName(text: string): string {
  const name = parseHubName(text);
  return name === null ? text.trim() : hubNameText(name);
}

/** A model of the hub as weights. */
export function hubWeights(name: string): NamedWeights {
  return { source: { kind: 'hub', name }, name };
}

/** One line of the list: a model that is kept, or one that is offered. */
export interface HubEntry {
  readonly name: string;
  /** What it is called, where that is not its name. */
  readonly title: string | null;
  readonly about: string;
  /** Null for one that is not kept at all. */
  readonly kept: HubModelSummary | null;
  /** What it takes or will take; null where the hub does not say. */
  readonly bytes: number | null;
}

/** The models that are offered by name, then all others that are kept, and the one of that name that is being fetched. */
export function hubEntries(models: readonly HubModelSummary[] | null, fetching?: string): readonly HubEntry[] {
  const offered = HUB_MODELS.map(({ name, title, about, bytes }): HubEntry => {
    const kept = models?.find((model) => model.name === name) ?? null;
    return { name, title, about, kept, bytes: kept?.totalBytes ?? bytes };
  });
  const others = (models ?? []).filter(({ name }) => HUB_MODELS.every((model) => model.name !== name));
  const entries = [
    ...offered,
    ...others.map((kept): HubEntry => ({ name: kept.name, title: null, about: '', kept, bytes: kept.totalBytes })),
  ];
  if (fetching === undefined || entries.some(({ name }) => name === fetching)) return entries;
  return [...entries, { name: fetching, title: null, about: '', kept: null, bytes: null }];
}

/** `167 MB, kept here`, `60.0 MB of 167 MB is here`, `167 MB`. */
export function keptWords({ kept, bytes }: HubEntry): string {
  const size = bytes === null ? '' : bytesText(bytes);
  if (kept === null) return size;
  if (kept.complete) return `${bytesText(kept.bytes)}, kept here`;
  return `${bytesText(kept.bytes)}${size === '' ? '' : ` of ${size}`} is here`;
}

/** How far fetching is, how fast, and how long it takes still: `12.0 MB of 167 MB, 31.0 MB/s, 5 s left`. */
export function fetchWords(progress: HubProgress): string {
  if (progress.phase === 'asking') return 'Asking what there is';
  const { bytesDone, bytesTotal, bytesPerSecond, secondsLeft } = progress;
  return [
    bytesTotal === null ? bytesText(bytesDone) : `${bytesText(bytesDone)} of ${bytesText(bytesTotal)}`,
    bytesPerSecond === null ? '' : `${bytesText(bytesPerSecond)}/s`,
    secondsLeft === null ? '' : `${durationText(secondsLeft)} left`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** What the status line says of it, or null. */
export function hubStatus(progress: HubProgress | null): (StatusReport & { readonly rate: string }) | null {
  if (progress === null) return null;
  const { name, phase, bytesDone, bytesTotal, bytesPerSecond, secondsLeft } = progress;
  const isFetching = phase === 'fetching';
  return {
    what: `Fetching "${name}"`,
    howFar: isFetching ? fetchWords({ ...progress, bytesPerSecond: null, secondsLeft: null }) : '',
    phase: isFetching ? '' : 'asking what there is',
    imagesPerSecond: null,
    rate: bytesPerSecond === null ? '' : `${bytesText(bytesPerSecond)}/s`,
    secondsLeft,
    fraction: bytesTotal === null || bytesTotal === 0 ? null : bytesDone / bytesTotal,
    mood: 'busy',
  };
}

function notBegun(name: string): HubProgress {
  const nothing = { bytesDone: 0, bytesTotal: null, bytesPerSecond: null, secondsLeft: null };
  return { name, phase: 'asking', file: '', ...nothing };
}
