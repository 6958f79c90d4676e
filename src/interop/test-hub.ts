import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test's hub holds and how it behaves; may be changed while it runs. */
export interface TestHubState {
  /** By `owner/name@revision` and the name of the file. */
  readonly models: Map<string, Map<string, Uint8Array>>;
  /** Models that only this token opens. */
  readonly privateTo: Map<string, string>;
  /** A mirror without the API says nothing of sizes and hashes but in headers. */
  hasApi: boolean;
  /** False for a server that sends large files itself, without another host. */
  redirects: boolean;
  ignoresRange: boolean;
  /** So many bytes of a body, then the connection ends; a number for each request to come, null for the whole. */
  readonly cutAfter: (number | null)[];
  /** A slow line: so many milliseconds before each piece of 64 KiB. */
  pieceMs: number;
  /** In place of the etag of what is sent. */
  etag: string | null;
  /** What the CDN sends in place of what is listed. */
  readonly replaced: Map<string, Uint8Array>;
  /** Answers each request with this status. */
  status: number | null;
}

export interface TestHub extends TestHubState {
  readonly address: string;
  /** Every request so far, to the hub and to the host that it sends on to. */
  readonly asked: readonly TestHubRequest[];
  close(): Promise<void>;
}

export interface TestHubRequest {
  readonly host: 'hub' | 'cdn';
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
}

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const PIECE = 64 * 1024;

/**
 * For tests: a server that speaks the hub's routes on one port and sends large files from another, as the hub does. Sizes and
 * sha256 stand in its API and in the headers of what it sends on.
 */
export async function startTestHub(
  models: Readonly<Record<string, ReadonlyMap<string, Uint8Array>>>,
): Promise<TestHub> {
  const state: TestHubState = {
    models: new Map(Object.entries(models).map(([name, files]) => [name, new Map(files)])),
    privateTo: new Map(),
    hasApi: true,
    redirects: true,
    ignoresRange: false,
    cutAfter: [],
    pieceMs: 0,
    etag: null,
    replaced: new Map(),
    status: null,
  };
  const asked: TestHubRequest[] = [];
  const noting =
    (host: 'hub' | 'cdn', answer: (request: IncomingMessage, response: ServerResponse) => void) =>
    (request: IncomingMessage, response: ServerResponse): void => {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader(
        'access-control-expose-headers',
        'ETag, Content-Range, X-Error-Code, X-Linked-Size, X-Linked-Etag',
      );
      if (request.method === 'OPTIONS') {
        response.setHeader('access-control-allow-headers', 'authorization, range');
        response.writeHead(204).end();
        return;
      }
      const { range = null, authorization = null } = request.headers;
      asked.push({ host, path: decodeURIComponent(request.url ?? ''), range, authorization });
      answer(request, response);
    };
  const cdn = await listening(
    noting('cdn', (request, response) => {
      const [, model = '', file = ''] = (request.url ?? '').split('/').map(decodeURIComponent);
      const bytes = state.replaced.get(file) ?? state.models.get(model)?.get(file);
      if (bytes === undefined) response.writeHead(404).end();
      else send(state, bytes, request, response);
    }),
  );
  const hub = await listening(
    noting('hub', (request, response) => answerAsHub(Object.assign(state, { cdn: addressOf(cdn) }), request, response)),
  );
  return Object.assign(state, {
    address: addressOf(hub),
    asked,
    close: async () => {
      await Promise.all([hub, cdn].map(closed));
    },
  });
}

function answerAsHub(
  state: TestHubState & { readonly cdn: string },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://hub').pathname);
  const refuse = (status: number, code?: string): void => {
    if (code !== undefined) response.setHeader('x-error-code', code);
    response.writeHead(status).end('{"error":"refused"}');
  };
  if (state.status !== null) {
    refuse(state.status);
    return;
  }
  const api = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/(.+)$/.exec(path);
  const file = /^\/([^/]+\/[^/]+)\/resolve\/(.+)\/([^/]+)$/.exec(path);
  const [, id = '', revision = '', name = ''] = api ?? file ?? [];
  if (id === '' || (api !== null && !state.hasApi)) {
    refuse(404);
    return;
  }
  const model = `${id}@${revision}`;
  const token = state.privateTo.get(id);
  const isKnown = [...state.models.keys()].some((other) => other.startsWith(`${id}@`));
  // As the hub does: who may not know of a model learns no more than of one that is not there.
  if (!isKnown || (token !== undefined && request.headers.authorization !== `Bearer ${token}`)) {
    refuse(401, 'RepoNotFound');
    return;
  }
  const files = state.models.get(model);
  if (files === undefined) {
    refuse(404, 'RevisionNotFound');
    return;
  }
  response.setHeader('x-repo-commit', COMMIT);
  if (api !== null) {
    const siblings = [...files].map(([rfilename, bytes]) => ({ rfilename, ...listed(rfilename, bytes) }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id, sha: COMMIT, siblings }));
    return;
  }
  const bytes = files.get(name);
  if (bytes === undefined) {
    refuse(404, 'EntryNotFound');
    return;
  }
  if (!isLarge(name)) {
    send({ ...state, cutAfter: [], pieceMs: 0, etag: null }, bytes, request, response);
    return;
  }
  response.setHeader('x-linked-size', bytes.byteLength);
  response.setHeader('x-linked-etag', `"${sha256(bytes)}"`);
  if (!state.redirects) {
    send(state, state.replaced.get(name) ?? bytes, request, response);
    return;
  }
  const location = `${state.cdn}/${encodeURIComponent(model)}/${encodeURIComponent(name)}`;
  response.writeHead(302, { location, 'content-length': 0 }).end();
}

function isLarge(file: string): boolean {
  return /\.(safetensors|bin)$/.test(file);
}

function listed(file: string, bytes: Uint8Array): object {
  const size = bytes.byteLength;
  return isLarge(file) ? { size, lfs: { size, sha256: sha256(bytes), pointerSize: 134 } } : { size };
}

function send(
  state: Pick<TestHubState, 'ignoresRange' | 'cutAfter' | 'pieceMs' | 'etag'>,
  whole: Uint8Array,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.setHeader('etag', state.etag ?? `"${sha256(whole).slice(0, 32)}"`);
  response.setHeader('content-type', 'application/octet-stream');
  const range = state.ignoresRange ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const begin = range === null ? 0 : Number(range[1]);
  if (range !== null && begin >= whole.byteLength) {
    response.writeHead(416, { 'content-range': `bytes */${whole.byteLength}` }).end();
    return;
  }
  const end = range === null || range[2] === '' ? whole.byteLength : Math.min(whole.byteLength, Number(range[2]) + 1);
  if (range !== null) response.setHeader('content-range', `bytes ${begin}-${end - 1}/${whole.byteLength}`);
  response.writeHead(range === null ? 200 : 206, { 'content-length': end - begin });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const cut = range !== null && range[2] === '0' ? null : (state.cutAfter.shift() ?? null);
  void (async () => {
    const until = cut === null ? end : Math.min(end, begin + cut);
    for (let at = begin; at < until && !response.destroyed; at += PIECE) {
      if (state.pieceMs > 0) await new Promise((resolve) => setTimeout(resolve, state.pieceMs));
      const piece = whole.subarray(at, Math.min(until, at + PIECE));
      await new Promise((resolve) => response.write(piece, resolve));
    }
    if (cut === null) {
      response.end();
      return;
    }
    // What was sent is to arrive first: a connection that breaks takes with it what nobody has read yet.
    await new Promise((resolve) => setTimeout(resolve, 100));
    response.destroy();
  })();
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function listening(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
