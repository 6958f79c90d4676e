import type { ServerFetch } from '../base/ask-server.ts';
import { StudioError } from '../base/errors.ts';
import { HUB_MODELS, hubAddress, hubNameText, parseHubName } from '../base/hub-models.ts';
import { seldom } from '../base/seldom.ts';
import { fetchHubModel, type HubFetchPorts } from './hub-fetch.ts';
import { hubModels, removeHubModel, summaryOf } from './hub-kept.ts';
import type { HubConsent, HubModelSummary, HubProgress, HubRequest } from './types.ts';

export interface HubServicePorts extends HubFetchPorts {
  /** Asks the user, and gives what then may ask that hub and no other. Throws `cancelled` where the user refuses. */
  readonly consent: (question: HubConsent, signal: AbortSignal) => Promise<ServerFetch>;
  /** Does something that only one tab may do at a time. Throws `usage` where another does it. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Everything that the data worker does with models of the hub: a `HubApi`. */
export function createHubService(ports: HubServicePorts) {
  const { store } = ports;
  let going: AbortController | null = null;

  const fetchModel = async (
    { name: text, hub: address, token }: HubRequest,
    onProgress: (progress: HubProgress) => void,
    { signal }: AbortController,
  ): Promise<HubModelSummary> => {
    const name = parseHubName(text);
    if (name === null) throw new StudioError('usage', badName(text));
    const hub = hubAddress(address);
    if (hub === null) {
      const message = `"${address}" is no address of a hub; expected one such as https://huggingface.co.`;
      throw new StudioError('usage', message);
    }
    const model = hubNameText(name);
    const about = HUB_MODELS.find((offered) => offered.name === name.id);
    const what = about === undefined ? model : `${model}, about ${Math.round(about.bytes / 1e6)} MB`;
    const question = { hub, url: `${hub}/${name.id}`, what, withToken: token !== null };
    const fetch = await ports.consent(question, signal);
    const isTime = seldom(ports.now);
    const record = await fetchHubModel(name, { address: hub, token, fetch }, ports, {
      signal,
      onProgress(progress) {
        const isNew = progress.phase !== 'fetching' || progress.bytesDone === progress.bytesTotal;
        if (isTime(isNew)) onProgress(progress);
      },
    });
    return summaryOf(store, record);
  };

  return {
    hubModels: () => hubModels(store),

    async fetchHubModel(request: HubRequest, onProgress: (progress: HubProgress) => void) {
      if (going !== null) {
        throw new StudioError('usage', 'Another model is being fetched. Wait until that is done, or cancel it.');
      }
      const mine = new AbortController();
      going = mine;
      try {
        return await ports.exclusively(() => fetchModel(request, onProgress, mine));
      } finally {
        going = null;
      }
    },

    async cancelHubFetch() {
      going?.abort();
    },

    async removeHubModel(name: string) {
      if (going !== null) {
        throw new StudioError('usage', 'A model is being fetched. Wait until that is done, or cancel it, then delete.');
      }
      return ports.exclusively(() => removeHubModel(store, name));
    },
  };
}

/** Why a text is no name of a model, in a sentence. */
export function badName(text: string): string {
  return `"${text}" is no name of a model of the hub; expected owner/name, such as facebook/detr-resnet-50, or owner/name@revision.`;
}
