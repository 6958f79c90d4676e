import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeShards } from './make-shards.ts';
import { sha256Hex } from './sha256.ts';
import { type ShardIndex, writeShardIndex } from './shard-index.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A set in shards in memory. */
export interface MadeShards {
  readonly index: ShardIndex;
  /** `index.json` and the shards, by name. */
  readonly files: Map<string, Bytes>;
}

/** Makes shards of about so many bytes out of a set's files. For tests only. */
export async function shardsOf(
  files: ReadonlyMap<string, Bytes>,
  { name = 'cells', shardBytes = 6000 }: { readonly name?: string; readonly shardBytes?: number } = {},
): Promise<MadeShards> {
  const made = new Map<string, Bytes>();
  const silent = () => undefined;
  const source = {
    name,
    async *entries() {
      for (const [path, bytes] of files) yield { path, byteLength: bytes.byteLength, read: async () => bytes };
    },
    files: () => [],
  };
  const index = await makeShards(source, shardBytes, {
    sha256: sha256Hex,
    write: async (shard, bytes) => {
      made.set(shard, bytes.slice());
    },
    signal: new AbortController().signal,
    now: () => performance.now(),
    ...{ onPicture: silent, onRead: silent, onAgain: silent },
  });
  made.set('index.json', new TextEncoder().encode(writeShardIndex(index)));
  return { index, files: made };
}

/** What a test's host hands out below `/sets/cells/`, and how it behaves; may be changed while it runs. */
export interface ShardHost {
  /** Of the folder, without a slash at the end. */
  readonly address: string;
  readonly files: Map<string, Bytes>;
  /** Every request so far: `shard-00000.tar bytes=10-20`. */
  readonly asked: string[];
  /** Requests that were not answered to their end yet; the most at once so far. */
  readonly atOnce: { now: number; most: number };
  ignoresRange: boolean;
  /** Answers each request for a shard so, whatever was asked. */
  answer: ((name: string, response: ServerResponse) => boolean) | null;
  /** So many bytes of a shard's body, then the connection ends; a number for each request to come, null for the whole. */
  readonly cutAfter: (number | null)[];
  /** A slow line: so many milliseconds before each piece of 16 KiB. */
  pieceMs: number;
  close(): Promise<void>;
}

const PIECE = 16 * 1024;

/** For tests: a host of static files that lets other sites read them, with ranges. */
export async function startShardHost(files: ReadonlyMap<string, Bytes>): Promise<ShardHost> {
  const host: Omit<ShardHost, 'address' | 'close'> = {
    files: new Map(files),
    asked: [],
    atOnce: { now: 0, most: 0 },
    ignoresRange: false,
    answer: null,
    cutAfter: [],
    pieceMs: 0,
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const name = decodeURIComponent(pathname.replace(/^\/sets\/cells\//, ''));
    const range = request.headers.range;
    host.asked.push(range === undefined ? name : `${name} ${range}`);
    response.setHeader('access-control-allow-origin', '*');
    host.atOnce.now += 1;
    host.atOnce.most = Math.max(host.atOnce.most, host.atOnce.now);
    response.on('close', () => {
      host.atOnce.now -= 1;
    });
    if (name.endsWith('.tar') && host.answer?.(name, response) === true) return;
    const bytes = host.files.get(name);
    if (bytes === undefined) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
      return;
    }
    const found = host.ignoresRange ? null : /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
    const begin = Number(found?.[1] ?? 0);
    if (begin >= bytes.byteLength) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.byteLength}` }).end();
      return;
    }
    const end = Math.min(bytes.byteLength, found?.[2] ? Number(found[2]) + 1 : bytes.byteLength);
    response.writeHead(found === null ? 200 : 206, {
      'content-length': end - begin,
      ...(found !== null && { 'content-range': `bytes ${begin}-${end - 1}/${bytes.byteLength}` }),
    });
    response.flushHeaders();
    const cut = name.endsWith('.tar') ? (host.cutAfter.shift() ?? null) : null;
    void send(
      response,
      bytes.subarray(begin, cut === null ? end : Math.min(end, begin + cut)),
      () => host.pieceMs,
      cut !== null,
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(host, {
    address: `http://127.0.0.1:${port}/sets/cells`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

/** Once the last piece has been read the connection ends: what is destroyed at once is lost to the reader. */
async function send(response: ServerResponse, bytes: Uint8Array, pieceMs: () => number, isCut: boolean): Promise<void> {
  for (let at = 0; at < bytes.byteLength && !response.destroyed; at += PIECE) {
    if (pieceMs() > 0) await new Promise((resolve) => setTimeout(resolve, pieceMs()));
    const piece = bytes.subarray(at, at + PIECE);
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
  }
  if (!isCut) {
    response.end();
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  response.destroy();
}
