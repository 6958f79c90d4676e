import { createReadStream } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { OFFERED_SETS_FILE } from '../../src/base/offered.ts';
import { SHARD_INDEX_FILE } from '../../src/base/shard-format.ts';
import { type OfferedSetsText, offerOf } from '../../src/data/offered-sets.ts';
import { readShardIndex } from '../../src/data/shard-index.ts';

export interface ProcessedFolder {
  /**
   * Answers a request for `path`, below the address of the folder: its list of sets, or a file of one. False where it is
   * neither: nothing was answered.
   */
  answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** Nothing else is handed out: not what a set was made from, and nothing that somebody put beside it. */
const SERVED = /^(index\.json|shard-\d{5,}\.tar)$/;

/**
 * Sets in shards in a folder, for reading by whoever reaches the server: `NAME/index.json` and `NAME/shard-NNNNN.tar`, by range
 * too, and a list of the sets. Files below the folder alone: no symbolic link is followed. `warn` hears of an index that is none.
 */
export function processedFolder(folder: string, warn: (message: string) => void): ProcessedFolder {
  const offers = new Map<
    string,
    { readonly version: string; readonly offer: OfferedSetsText['sets'][number] | null }
  >();

  const offerIn = async (name: string): Promise<OfferedSetsText['sets'][number] | null> => {
    const path = await ownFile(folder, name, SHARD_INDEX_FILE);
    if (path === null) return null;
    const { mtimeMs, size } = await stat(path);
    const version = `${mtimeMs} ${size}`;
    const known = offers.get(name);
    if (known?.version === version) return known.offer;
    let offer: OfferedSetsText['sets'][number] | null = null;
    try {
      offer = offerOf(readShardIndex(await readFile(path, 'utf8'), path), name);
    } catch (thrown) {
      warn(`${name} is not offered to the page: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
    offers.set(name, { version, offer });
    return offer;
  };

  const list = async (): Promise<OfferedSetsText> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const found = await Promise.all(names.sort().map(offerIn));
    return { sets: found.filter((offer) => offer !== null) };
  };

  return {
    async answer(path, request, response) {
      const parts = namesIn(path);
      const [name = '', file = ''] = parts ?? [];
      const isList = parts?.length === 1 && name === OFFERED_SETS_FILE;
      const found = parts?.length === 2 ? await ownFile(folder, name, file) : null;
      if (!isList && found === null) return false;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { Allow: 'GET, HEAD' }).end();
        return true;
      }
      response.setHeader('Cache-Control', 'no-cache');
      if (found !== null) {
        await sendFile(found, request, response);
        return true;
      }
      const text = JSON.stringify(await list());
      response.setHeader('Content-Type', 'application/json').end(request.method === 'HEAD' ? undefined : text);
      return true;
    },
  };
}

/** The names in an address; null where it cannot be read, or one is no plain name. */
function namesIn(path: string): string[] | null {
  try {
    const names = path.split('/').map(decodeURIComponent);
    return names.some((name) => /[/\\\0]/.test(name) || /^\.*$/.test(name)) ? null : names;
  } catch {
    // A stray per cent sign names no file.
    return null;
  }
}

/** Where a served file lies; null where there is none, or a link stands in between. */
async function ownFile(folder: string, name: string, file: string): Promise<string | null> {
  if (!SERVED.test(file)) return null;
  try {
    const own = join(await realpath(folder), name, file);
    return (await realpath(own)) === own && (await stat(own)).isFile() ? own : null;
  } catch {
    // It is not there.
    return null;
  }
}

async function sendFile(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { size } = await stat(path);
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const begin = Number(asked?.[1] ?? 0);
  const end = asked?.[2] ? Math.min(Number(asked[2]) + 1, size) : size;
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Content-Type', path.endsWith('.json') ? 'application/json' : 'application/x-tar');
  if (asked !== null && begin >= end) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  const range = asked === null ? {} : { 'Content-Range': `bytes ${begin}-${end - 1}/${size}` };
  response.writeHead(asked === null ? 200 : 206, { 'Content-Length': end - begin, ...range });
  if (request.method === 'HEAD' || begin === end) {
    response.end();
    return;
  }
  const stream = createReadStream(path, { start: begin, end: end - 1 });
  // Gone or cut off meanwhile: the reader sees that the body ends early.
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}
