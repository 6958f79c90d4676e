import { z } from 'zod';
import { type ServerAnswer, textOf } from '../base/ask-server.ts';
import { StudioError } from '../base/errors.ts';
import { type HubName, hubNameText } from '../base/hub-models.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE, WEIGHTS_INDEX_FILE } from './checkpoint-names.ts';
import { refusalOf } from './hub-refusal.ts';
import { askHub, type Hub } from './hub-request.ts';
import type { HubFile } from './types.ts';

/** What a repository holds, as far as it was asked for. */
export interface HubListing {
  /** Null where the hub does not say. */
  readonly commit: string | null;
  /** A file of it, or null where it has none of that name. */
  file(name: string): Promise<HubFile | null>;
  /** Names of weights in other formats. */
  others(): Promise<readonly string[]>;
}

const MOST_LISTING_BYTES = 32 * 2 ** 20;
const SHA256 = /^[0-9a-f]{64}$/;
const OTHER_WEIGHTS = /\.(bin|pt|pth|ckpt|h5|msgpack|onnx)$/i;

const size = z.number().int().nonnegative().nullish();
const listingSchema = z.object({
  sha: z.string().nullish(),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size,
      lfs: z.object({ size, sha256: z.string().nullish(), oid: z.string().nullish() }).nullish(),
    }),
  ),
});

/**
 * Asks what a repository holds: one request to the hub's API, which says sizes and sha256. A mirror without the API is asked
 * for each file instead, and what it says in headers is taken. Throws `not-found`, `network`, `cancelled`.
 */
export async function listHubModel(hub: Hub, name: HubName, signal?: AbortSignal): Promise<HubListing> {
  const path = `/api/models/${name.id}/revision/${encodeURIComponent(name.revision)}?blobs=true`;
  const what = `the list of files of ${hubNameText(name)}`;
  const answer = await askHub(hub, { path, what }, signal);
  if (answer.status === 200) {
    const listed = listingSchema.safeParse(parsedJson(await textOf(answer, what, MOST_LISTING_BYTES)));
    return listed.success ? ofListing(listed.data) : probing(hub, name, signal);
  }
  answer.drop();
  const isTold = answer.headers.has('x-error-code') || ![404, 405, 501].includes(answer.status);
  if (isTold) throw refusalOf(hub, name, null, answer);
  return probing(hub, name, signal);
}

/** The files that make a checkpoint, the small ones first. Throws `not-found`, `bad-weights` where there are no such weights. */
export async function checkpointFilesOf(
  listing: HubListing,
  name: HubName,
): Promise<{ readonly small: readonly HubFile[]; readonly weights: HubFile | null }> {
  const model = hubNameText(name);
  const config = await listing.file(CONFIG_FILE);
  if (config === null) {
    const message = `${model} has no ${CONFIG_FILE}, so it is no model of transformers, or there is none of that name; expected a DETR checkpoint. Check the name and the revision.`;
    throw new StudioError('not-found', message, { model, file: CONFIG_FILE });
  }
  const preprocessor = await listing.file(PREPROCESSOR_FILE);
  const weights = await listing.file(WEIGHTS_FILE);
  const index = weights === null ? await listing.file(WEIGHTS_INDEX_FILE) : null;
  if (weights === null && index === null) throw noSafetensors(model, await listing.others());
  return { small: [config, preprocessor, index].filter((file) => file !== null), weights };
}

function ofListing({ sha, siblings }: z.infer<typeof listingSchema>): HubListing {
  const files = new Map(siblings.map((sibling) => [sibling.rfilename, sibling]));
  return {
    commit: sha ?? null,
    async file(name) {
      const found = files.get(name);
      if (found === undefined) return null;
      const hash = (found.lfs?.sha256 ?? found.lfs?.oid ?? '').replace(/^sha256:/, '');
      const byteLength = found.lfs?.size ?? found.size ?? null;
      return { name, byteLength, sha256: SHA256.test(hash) ? hash : null, etag: null };
    },
    others: async () => [...files.keys()].filter((name) => OTHER_WEIGHTS.test(name)),
  };
}

function probing(hub: Hub, name: HubName, signal: AbortSignal | undefined): HubListing {
  const file = (path: string) => probe(hub, name, path, signal);
  return {
    commit: null,
    file,
    others: async () => ((await file('pytorch_model.bin')) === null ? [] : ['pytorch_model.bin']),
  };
}

/** Asks for one byte, and takes from the headers what they say. */
async function probe(hub: Hub, name: HubName, file: string, signal: AbortSignal | undefined): Promise<HubFile | null> {
  const question = { path: resolvePath(name, file), what: `${file} of ${hubNameText(name)}`, range: 'bytes=0-0' };
  // The hub's own answer has the size and the hash; the host that it sends on to has not.
  let answer = await askHub(hub, { ...question, stay: true }, signal);
  answer.drop();
  if (answer.isHidden) {
    answer = await askHub(hub, question, signal);
    answer.drop();
  }
  const { status, headers } = answer;
  if (status === 404 && (headers.get('x-error-code') ?? 'EntryNotFound') === 'EntryNotFound') return null;
  if (status >= 400 && status !== 416) throw refusalOf(hub, name, file, answer);
  const hash = tagOf(headers.get('x-linked-etag')) ?? tagOf(headers.get('etag')) ?? '';
  return { name: file, byteLength: lengthOf(answer), sha256: SHA256.test(hash) ? hash : null, etag: null };
}

function lengthOf({ status, headers }: ServerAnswer): number | null {
  const linked = headers.get('x-linked-size');
  const total = headers.get('content-range')?.split('/')[1];
  const whole = status === 200 && headers.get('content-encoding') === null ? headers.get('content-length') : null;
  const length = Number.parseInt(linked ?? total ?? whole ?? '', 10);
  return Number.isSafeInteger(length) && length >= 0 ? length : null;
}

/** An entity tag without its quotes and its mark for weakness. */
export function tagOf(etag: string | null): string | null {
  return etag === null ? null : etag.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
}

/** Where a file of a revision is had, below the hub's address. */
export function resolvePath({ id, revision }: HubName, file: string): string {
  return `/${id}/resolve/${encodeURIComponent(revision)}/${encodeURIComponent(file)}`;
}

function noSafetensors(model: string, others: readonly string[]): StudioError {
  const [other] = others;
  const found = other === undefined ? 'no weights' : `${other}, and no ${WEIGHTS_FILE}`;
  const why = other === undefined ? '' : ' Weights of PyTorch are a program and are not read.';
  return new StudioError(
    'bad-weights',
    `${model} has ${found}; expected ${WEIGHTS_FILE} or ${WEIGHTS_INDEX_FILE}.${why} Name a revision that has one (such as ${model.split('@')[0]}@refs/pr/1, where the hub's own conversion often stands), or load it once with transformers and save it with save_pretrained.`,
    { model },
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no answer of the API: the files themselves are asked for then.
    return null;
  }
}
