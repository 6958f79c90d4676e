import { HUB_URL, type HubName, hubAddress, parseHubName } from '../../src/base/hub-models.ts';
import { fetchHubModel } from '../../src/interop/hub-fetch.ts';
import { hostOf } from '../../src/interop/hub-request.ts';
import type { HubProgress, HubStore } from '../../src/interop/types.ts';
import { folderHubStore } from '../../src/platform/node/hub-store.ts';
import { isThere } from '../cli/input-file.ts';
import { type CommandContext, refuseUsage } from '../cli/run-command.ts';

/** What a command says of the hub. */
export interface HubAccess {
  /** `--mirror`. */
  readonly mirror?: string | undefined;
  /** To stop it and to show how far it is. */
  readonly context?: Pick<CommandContext, 'signal' | 'say' | 'progress'>;
}

/** The flag and the words of `--mirror`, the same for each command. */
export const MIRROR_OPTION = [
  '--mirror <URL>',
  `the hub to ask in place of ${HUB_URL} for models by name (or HF_ENDPOINT); HF_TOKEN opens private ones`,
] as const;

/**
 * The model of the hub that an argument means, or null for a path: what lies on this disk goes before the hub, and so does what
 * lies beside it, so that a mistyped path is never asked for elsewhere. `owner/name@revision` and the short names are the hub's.
 */
export async function hubNameOf(argument: string): Promise<HubName | null> {
  const name = parseHubName(argument);
  if (name === null || !argument.includes('/') || argument.includes('@')) return name;
  const owner = argument.slice(0, argument.indexOf('/'));
  return (await isThere(owner)) || /\.(safetensors|json|bin|zip)$/i.test(argument) ? null : name;
}

/** Fetches a model of the hub where it is not kept yet. Returns the store that keeps it; throws as `fetchHubModel`. */
export async function keptHubModel(name: HubName, { mirror, context }: HubAccess = {}): Promise<HubStore> {
  const store = folderHubStore();
  const given = mirror ?? (process.env.HF_ENDPOINT || HUB_URL);
  const address = hubAddress(given);
  if (address === null) {
    refuseUsage(
      `${mirror === undefined ? 'HF_ENDPOINT' : '--mirror'} ${given}: expected an address such as ${HUB_URL}.`,
    );
  }
  const hub = {
    address,
    token: process.env.HF_TOKEN || null,
    fetch: (url: string, init: RequestInit) => fetch(url, init),
  };
  let isTold = false;
  const onProgress = (progress: HubProgress): void => {
    if (context === undefined || progress.phase !== 'fetching') return;
    if (!isTold) context.say(`Fetching ${progress.name} from ${hostOf(hub)}; it is kept in ${store.place}.`);
    isTold = true;
    show(progress, context);
  };
  await fetchHubModel(name, hub, portsOf(store), { ...(context && { signal: context.signal }), onProgress });
  return store;
}

function portsOf(store: HubStore) {
  return {
    store,
    now: () => performance.now(),
    date: () => Date.now(),
    wait: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function show(progress: HubProgress, { progress: line }: Pick<CommandContext, 'progress'>): void {
  const { file, bytesDone, bytesTotal, bytesPerSecond, secondsLeft } = progress;
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
  line.update({
    label: `fetching ${file}`,
    done: megabytes(bytesDone),
    total: megabytes(bytesTotal ?? bytesDone),
    perSecond: bytesPerSecond === null ? null : bytesPerSecond / 1e6,
    unit: 'MB',
    secondsLeft,
  });
}
