import { askServer, type ServerFetch, textOf } from '../base/ask-server.ts';
import { StudioError, toStudioError } from '../base/errors.ts';
import { keepTrying } from '../base/keep-trying.ts';
import { looksLikeShardIndex, SHARD_INDEX_FILE } from '../base/shard-format.ts';
import { hashDataSet } from './data-set-hash.ts';
import { fetchShards, type ReadShardPart } from './fetch-shard.ts';
import { givenShards } from './given-shards.ts';
import { sha256Hex } from './sha256.ts';
import { readShardIndex, type ShardIndex } from './shard-index.ts';
import type { FetchBelow, GivenFile, ImportSource } from './types.ts';

/** A set in shards, opened by its index. */
export interface OpenedShards {
  readonly index: ShardIndex;
  /** The same for the same content, wherever it comes from. */
  readonly identity: string;
  /** Where it is fetched from, as a person gave it; left out of files. */
  readonly address?: string;
  readonly read: ReadShardPart;
  /** So many shards are read at once. */
  readonly atOnce: number;
  /** So often a picture that is not what the index says is read. */
  readonly tries: number;
}

export interface ShardSourcePorts {
  readonly fetchBelow: FetchBelow;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly stallMs?: number;
}

/** An index of a million pictures has about that. */
const MOST_INDEX_BYTES = 512 * 2 ** 20;
/** A server far away fills a line with a few connections, not with one. */
const SHARDS_AT_ONCE = 3;
/** What comes damaged once may have been changed on the way. */
const TRIES_FROM_SERVER = 2;

/**
 * Opens the set in shards that a person gave, by its index: an `index.json` among files, or at an address. Null where what was
 * given is none. Throws `bad-data-set` for an index that cannot be used, `usage` where there are two, `not-found` where shards
 * are missing on the disk or the address has no index; `network`, `cancelled`.
 */
export async function openShardSource(
  source: ImportSource,
  ports: ShardSourcePorts,
  signal: AbortSignal,
): Promise<OpenedShards | null> {
  if (source.kind === 'address') return openAt(source.url, ports, signal);
  const found = await indexAmong(source.files);
  if (found === null) return null;
  const { path, text } = found;
  const index = await honestIndex(text, path);
  const read = givenShards(index, path, source.files, source.takeCutOff === true);
  return { index, identity: await identityOf(index), read, atOnce: 1, tries: 1 };
}

async function indexAmong(files: readonly GivenFile[]): Promise<{ path: string; text: string } | null> {
  const found: GivenFile[] = [];
  for (const given of files) {
    const isNamed = given.path.split('/').at(-1) === SHARD_INDEX_FILE;
    if (isNamed && looksLikeShardIndex(await given.file.slice(0, 400).text())) found.push(given);
  }
  const [first, second] = found;
  if (first === undefined) return null;
  if (second !== undefined) {
    const message = `There are several sets in shards (${first.path}, ${second.path}); expected one. Give the files of one folder at a time.`;
    throw new StudioError('usage', message);
  }
  return { path: first.path, text: await first.file.text() };
}

async function openAt(
  address: string,
  { fetchBelow, wait, stallMs }: ShardSourcePorts,
  signal: AbortSignal,
): Promise<OpenedShards | null> {
  const named = indexAddress(address);
  if (named === null) return null;
  const { url, isCertain } = named;
  const folder = new URL('.', url).pathname;
  const set = decodedName(folder.split('/').findLast((part) => part !== '') ?? url.host);
  const what = `${set} (its index and shards)`;
  const fetch = await fetchBelow({ below: `${url.origin}${folder.replace(/\/$/, '')}`, url: url.href, what }, signal);
  const server = { fetch, stallMs };
  let index: ShardIndex;
  try {
    index = await fetchIndex(url, server, wait, signal);
  } catch (thrown) {
    // An archive has an address like that too.
    if (!isCertain && ['not-found', 'bad-data-set'].includes(toStudioError(thrown).code)) return null;
    throw thrown;
  }
  return {
    index,
    identity: await identityOf(index),
    address,
    read: fetchShards(url, server, wait),
    atOnce: SHARDS_AT_ONCE,
    tries: TRIES_FROM_SERVER,
  };
}

/**
 * Where the index is that an address means: a JSON is one, below a folder it is `index.json`; null for an archive. What is
 * named without an ending may be either.
 */
function indexAddress(address: string): { readonly url: URL; readonly isCertain: boolean } | null {
  const text = address.trim();
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return null;
  url.username = '';
  url.password = '';
  url.hash = '';
  const last = url.pathname.split('/').at(-1) ?? '';
  if (/\.json$/i.test(last)) return { url, isCertain: true };
  if (last !== '' && (last.includes('.') || url.search !== '')) return null;
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${SHARD_INDEX_FILE}`;
  return { url, isCertain: last === '' };
}

async function fetchIndex(
  url: URL,
  server: { readonly fetch: ServerFetch; readonly stallMs: number | undefined },
  wait: (milliseconds: number) => Promise<void>,
  signal: AbortSignal,
): Promise<ShardIndex> {
  let text = '';
  let hasAnswered = false;
  const ask = async (): Promise<boolean> => {
    const answer = await askServer(server, { url: url.href, what: SHARD_INDEX_FILE }, signal);
    hasAnswered = true;
    if (answer.status === 200) {
      text = await textOf(answer, SHARD_INDEX_FILE, MOST_INDEX_BYTES);
      return true;
    }
    answer.drop();
    const expected = `expected a set in shards, as npm run data makes it: its ${SHARD_INDEX_FILE}, or the folder that has it`;
    const message = `${url.host} answered ${answer.status} for ${url.pathname}; ${expected}. Check the address.`;
    const isMissing = answer.status === 404 || answer.status === 410;
    const isFinal = answer.status !== 429 && answer.status < 500;
    throw new StudioError(isMissing ? 'not-found' : 'network', message, { status: answer.status, isFinal });
  };
  await keepTrying(ask, { at: () => 0, hasBegun: () => hasAnswered, wait, signal });
  if (!looksLikeShardIndex(text)) {
    const found = /^\s*</.test(text) ? 'a web page' : 'something else';
    const message = `${url.host} sent ${found} for ${url.pathname}; expected the ${SHARD_INDEX_FILE} of a set in shards, as npm run data makes it. Check the address.`;
    throw new StudioError('bad-data-set', message);
  }
  return honestIndex(text, SHARD_INDEX_FILE);
}

/** An index whose content has the hash that it says. */
async function honestIndex(text: string, name: string): Promise<ShardIndex> {
  const index = readShardIndex(text, name);
  const digests = new Map(index.samples.map(({ id, picture }) => [id, picture.sha256]));
  const hash = await hashDataSet(index.samples, async (id) => digests.get(id) ?? '');
  if (hash === index.hash) return index;
  const message = `${name} says that its content has the hash ${index.hash.slice(0, 12)}, and it has ${hash.slice(0, 12)}: it was changed or damaged. Fetch it again, or make it again with npm run data.`;
  throw new StudioError('bad-data-set', message, { name });
}

/** Of the content, and the paths that its pictures are stored by. */
async function identityOf({ hash, samples }: ShardIndex): Promise<string> {
  const paths = samples.map(({ imagePath }) => imagePath).sort();
  return `shards of ${hash} ${await sha256Hex(new TextEncoder().encode(JSON.stringify(paths)))}`;
}

function decodedName(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray per cent sign: the name is shown as it stands in the address.
    return part;
  }
}
