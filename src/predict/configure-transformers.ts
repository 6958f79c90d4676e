import type * as Transformers from '@huggingface/transformers';

/** Where models that lie in memory stand for transformers.js: under an address that no server has. */
const ROOT = 'https://detrain.invalid/';

/** It names a file by our address at first, and then by the one that it would have on the hub. */
const NAMED = /(?:^|\/)(offered-\d+)\/(?:resolve\/[^/]+\/)?(.+)$/;

const models = new Map<string, ReadonlyMap<string, Uint8Array<ArrayBuffer>>>();
let counted = 0;

/** A model's files in memory, for as long as it is being loaded. */
export interface OfferedModel {
  /** What to ask transformers.js for. */
  readonly id: string;
  /** Takes the files away; a model that is loaded needs them no more. */
  withdraw(): void;
}

/** Offers a model's files, by their paths in its folder. */
export function offerModel(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): OfferedModel {
  counted += 1;
  const id = `offered-${counted}`;
  models.set(id, files);
  return { id, withdraw: () => void models.delete(id) };
}

/**
 * Has transformers.js read models from memory alone: no hub, no CDN, no cache but this. What it asks for otherwise it does
 * not get. A cache and not a fetch of our own: in Node it takes a model from a file or from its cache.
 */
export function configureTransformers({ env, LogLevel }: typeof Transformers): void {
  Object.assign(env, {
    allowRemoteModels: false,
    allowLocalModels: true,
    localModelPath: ROOT,
    useFS: false,
    useFSCache: false,
    useBrowserCache: false,
    useWasmCache: false,
    useCustomCache: true,
    customCache: { match: async (address: string) => answerFor(address), put: async () => undefined },
    logLevel: LogLevel.ERROR,
    fetch: async () => new Response(null, { status: 404 }),
  });
}

function answerFor(address: string): Response | undefined {
  const [, id = '', path = ''] = NAMED.exec(address) ?? [];
  const bytes = models.get(id)?.get(path);
  if (bytes === undefined) return undefined;
  return new Response(bytes, { headers: { 'content-length': String(bytes.byteLength) } });
}
