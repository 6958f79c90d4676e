import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Download, forgetDownload, hasChanged, resumableDownload } from './resumable-download.ts';

const WHOLE = new Uint8Array(randomBytes(3_000_000));

type Serve = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

let server: Server;
let port = 0;
let serve: Serve = () => undefined;
/** The Range header of every request. */
let asked: (string | undefined)[] = [];
let said: string[] = [];
let path = '';
const folder = mkdtempSync(join(tmpdir(), 'detrain-download-'));

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    serve(request, response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
let folders = 0;
beforeEach(() => {
  folders += 1;
  path = join(folder, String(folders), 'set.tar');
  asked = [];
  said = [];
});

function rangeStart(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

/** Ends the connection once what was sent has been read: Node drops what has arrived and was not read by then. */
function breakOff(response: ServerResponse): void {
  setTimeout(() => response.destroy(), 50);
}

/** A server that keeps to the rules, and breaks off after so many bytes. */
function honest(breakAfter = Number.POSITIVE_INFINITY, whole = WHOLE, etag = '"1"'): Serve {
  return (request, response) => {
    const matches = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const from = matches ? rangeStart(request) : 0;
    const rest = whole.subarray(from);
    const range = from > 0 ? { 'content-range': `bytes ${from}-${whole.byteLength - 1}/${whole.byteLength}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { etag, 'content-length': rest.byteLength, ...range });
    if (rest.byteLength <= breakAfter) response.end(rest);
    else response.write(rest.subarray(0, breakAfter), () => breakOff(response));
  };
}

/** Reads it all, or up to `stopAfter` bytes, as a killed process would. */
async function fetched(stopAfter = Number.POSITIVE_INFINITY, changes: Partial<Download> = {}): Promise<Buffer> {
  const read: Uint8Array[] = [];
  let byteLength = 0;
  const bytes = resumableDownload({
    address: `http://127.0.0.1:${port}/set.tar`,
    path,
    what: 'archive',
    signal: new AbortController().signal,
    say: (line) => said.push(line),
    limits: { pauseMs: 1, stallMs: 300, tries: 3 },
    ...changes,
  });
  for await (const piece of bytes) {
    read.push(piece);
    byteLength += piece.byteLength;
    if (byteLength >= stopAfter) break;
  }
  return Buffer.concat(read);
}

test('a server that breaks off again and again: every byte once, asked for from where it was', async () => {
  serve = honest(700_000);
  expect((await fetched()).equals(WHOLE)).toBe(true);
  expect(readFileSync(path).equals(WHOLE)).toBe(true);
  expect(asked).toEqual([undefined, 'bytes=700000-', 'bytes=1400000-', 'bytes=2100000-', 'bytes=2800000-']);
  expect(existsSync(`${path}.part`)).toBe(false);
});

test('stopped, and begun again: what is there is read from the disk, the rest is fetched', async () => {
  serve = honest();
  await fetched(1_000_000);
  expect((await fetched()).equals(WHOLE)).toBe(true);
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatch(/^bytes=\d{7}-$/);
  expect((await fetched()).equals(WHOLE)).toBe(true); // from the disk alone
  expect(asked).toHaveLength(2);
});

test('a server that ignores ranges: what is there already is passed over', async () => {
  serve = (_, response, nth) => {
    response.writeHead(200, { 'content-length': WHOLE.byteLength });
    if (nth === 1) response.write(WHOLE.subarray(0, 900_000), () => breakOff(response));
    else response.end(WHOLE);
  };
  expect((await fetched()).equals(WHOLE)).toBe(true);
  expect(readFileSync(path).equals(WHOLE)).toBe(true);
});

test('a server that sends another part than was asked for is asked for the whole', async () => {
  serve = (request, response, nth) => {
    if (nth === 1) return honest(900_000)(request, response, nth);
    if (request.headers.range === undefined) return honest()(request, response, nth);
    response.writeHead(206, { 'content-range': `bytes 0-9/${WHOLE.byteLength}`, 'content-length': 10 });
    response.end(WHOLE.subarray(0, 10));
  };
  expect((await fetched()).equals(WHOLE)).toBe(true);
});

test('416 where everything is there ends it; 416 where it is not begins anew', async () => {
  // No length is named, and the connection broken off.
  serve = (request, response) => {
    const from = rangeStart(request);
    const range = { 'content-range': `bytes ${from}-${WHOLE.byteLength - 1}/*` };
    if (from === WHOLE.byteLength) response.writeHead(416, { 'content-range': `bytes */${WHOLE.byteLength}` }).end();
    else
      response
        .writeHead(from > 0 ? 206 : 200, from > 0 ? range : {})
        .write(WHOLE.subarray(from), () => breakOff(response));
  };
  expect((await fetched()).equals(WHOLE)).toBe(true);

  await forgetDownload(path);
  asked = [];
  serve = honest();
  await fetched(1_000_000);
  serve = (_, response) => response.writeHead(416, { 'content-range': 'bytes */77' }).end();
  const failure = await fetched().catch((thrown: unknown) => thrown);
  expect(hasChanged(failure)).toBe(true);
  expect(existsSync(`${path}.part`)).toBe(false);
});

test('another file under the same address by now: nothing of the two is mixed', async () => {
  serve = honest();
  await fetched(1_000_000);
  const other = new Uint8Array(randomBytes(2_000_000));
  serve = honest(Number.POSITIVE_INFINITY, other, '"2"');
  expect(hasChanged(await fetched().catch((thrown: unknown) => thrown))).toBe(true);
  expect((await fetched()).equals(other)).toBe(true);
});

test('a server that stalls is left, and asked again', async () => {
  serve = (request, response, nth) => {
    if (nth > 1) return honest()(request, response, nth);
    response.writeHead(200, { etag: '"1"', 'content-length': WHOLE.byteLength }).write(WHOLE.subarray(0, 500_000));
  };
  expect((await fetched()).equals(WHOLE)).toBe(true);
  expect(asked).toEqual([undefined, 'bytes=500000-']);
});

test('a server that is busy is asked again; one that stays so is given up, with what is there', async () => {
  serve = (request, response, nth) => {
    if (nth < 3) response.writeHead(503).end();
    else honest()(request, response, nth);
  };
  expect((await fetched()).equals(WHOLE)).toBe(true);
  await forgetDownload(path);
  serve = honest();
  await fetched(1_000_000);
  serve = (_, response) => response.writeHead(503).end();
  const kept = readFileSync(`${path}.part`).byteLength;
  await expect(fetched()).rejects.toThrow(`3 tries in a row brought nothing more after ${kept} bytes`);
  expect(readFileSync(`${path}.part`).byteLength).toBe(kept);
});

test.each([
  ['a page that says so', { 'content-type': 'text/html' }, 'hello', /is a web page, not the archive/],
  ['a page that does not', {}, '\n <!DOCTYPE html><p>Log in', /It is a web page, not the archive/],
])('%s is refused', async (_, headers, body, message) => {
  serve = (_request, response) => response.writeHead(200, headers).end(body);
  await expect(fetched()).rejects.toThrow(message);
  expect(existsSync(path)).toBe(false);
});

test('404 is refused at once; more bytes than were named are, too', async () => {
  serve = (_, response) => response.writeHead(404).end();
  await expect(fetched()).rejects.toThrow(/answers "404 Not Found" .*expected the archive/);
  expect(asked).toHaveLength(1);
  serve = (_, response) => response.writeHead(200).end(WHOLE);
  await expect(fetched(undefined, { limits: { maxBytes: 1000 } })).rejects.toThrow(/sends more than 1000 bytes/);
});

test("somebody else's file of that name is left alone", async () => {
  serve = honest();
  await fetched();
  writeFileSync(`${path}2`, 'mine');
  await expect(fetched(undefined, { path: `${path}2` })).rejects.toMatchObject({ code: 'storage' });
  expect(readFileSync(`${path}2`, 'utf8')).toBe('mine');
  const other = { address: `http://127.0.0.1:${port}/other/set.tar` };
  await expect(fetched(undefined, other)).rejects.toThrow(/came from elsewhere/);
});

test('Ctrl-C ends it, and what is there stays', async () => {
  serve = (_, response) => void response.writeHead(200).write(WHOLE.subarray(0, 2_000_000));
  const controller = new AbortController();
  const waiting = fetched(undefined, { signal: controller.signal, limits: { stallMs: 10_000 } });
  setTimeout(() => controller.abort(), 150);
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  serve = honest();
  expect((await fetched()).equals(WHOLE)).toBe(true);
  expect(asked[1]).toMatch(/^bytes=[12]\d{6}-$/);
});
