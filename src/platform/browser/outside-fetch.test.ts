import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { outsideFetch } from './outside-fetch.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const agree = async (): Promise<boolean> => true;

test('a file comes whole, after the user was told its name and address, and without referrer or cookies', async () => {
  const seen: Record<string, unknown>[] = [];
  const origin = await serve((request, response) => {
    seen.push(request.headers);
    response.setHeader('content-length', 5).end('cells');
  });
  const asked: object[] = [];
  const get = outsideFetch({
    fetch,
    ask: async (question) => {
      asked.push(question);
      return true;
    },
  });
  const file = await get(`${origin}/sets/blood%20cells.tar#part`);
  expect(asked).toEqual([{ url: `${origin}/sets/blood%20cells.tar`, what: 'blood cells.tar' }]);
  expect(file).toMatchObject({ name: 'blood cells.tar', byteLength: 5 });
  expect(await new Response(file.stream).text()).toBe('cells');
  expect(seen).toHaveLength(1);
  expect(seen[0]).not.toHaveProperty('referer');
  expect(seen[0]).not.toHaveProperty('cookie');
});

test('nothing is asked of a server that the user did not agree to', async () => {
  let requests = 0;
  const origin = await serve((_, response) => {
    requests += 1;
    response.end();
  });
  const get = outsideFetch({ fetch, ask: async () => false });
  await expect(get(`${origin}/a.tar`)).rejects.toMatchObject({ code: 'cancelled' });
  expect(requests).toBe(0);
});

test('what is no web address is refused without a question', async () => {
  const get = outsideFetch({ fetch, ask: () => Promise.reject(new Error('asked')) });
  for (const url of ['file:///etc/hosts', 'cells.tar', 'javascript:alert(1)', 'blob:https://a.example/1']) {
    await expect(get(url), url).rejects.toMatchObject({ code: 'usage' });
  }
});

test('a body without end stops at the bound', async () => {
  const origin = await serve((_, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write(Buffer.alloc(4096), more);
    };
    more();
  });
  const file = await outsideFetch({ fetch, ask: agree, maxBytes: 100_000 })(`${origin}/endless.tar`);
  await expect(new Response(file.stream).arrayBuffer()).rejects.toMatchObject({ code: 'network' });
});

test('a file that breaks off, stalls or is not there is said to be', async () => {
  const cut = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => response.destroy());
  });
  const cutFile = await outsideFetch({ fetch, ask: agree })(`${cut}/cut.tar`);
  await expect(new Response(cutFile.stream).text()).rejects.toMatchObject({ code: 'network' });

  const slow = await serve((_, response) => {
    response.write('a');
  });
  const slowFile = await outsideFetch({ fetch, ask: agree, stallMs: 50 })(`${slow}/slow.tar`);
  await expect(new Response(slowFile.stream).text()).rejects.toMatchObject({
    code: 'network',
    message: expect.stringContaining('sent nothing more'),
  });

  const none = await serve((_, response) => {
    response.writeHead(404).end();
  });
  await expect(outsideFetch({ fetch, ask: agree })(`${none}/none.tar`)).rejects.toMatchObject({
    details: { status: 404 },
  });

  const part = await serve((_, response) => {
    response.writeHead(206, { 'content-range': 'bytes 0-3/100' }).end('half');
  });
  await expect(outsideFetch({ fetch, ask: agree })(`${part}/part.tar`)).rejects.toMatchObject({
    details: { status: 206 },
  });
});

test('a body that was compressed on the way is read in full, whatever length the server gave', async () => {
  const packed = gzipSync(Buffer.alloc(50_000, 'a'));
  const origin = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed);
  });
  // As a browser answers across origins: the encoding is not to be seen.
  const hidden: typeof fetch = async (...request) => {
    const { body, headers } = await fetch(...request);
    const seen = new Headers(headers);
    seen.delete('content-encoding');
    return new Response(body, { headers: seen });
  };
  const file = await outsideFetch({ fetch: hidden, ask: agree })(`${origin}/a.tar`);
  expect((await new Response(file.stream).arrayBuffer()).byteLength).toBe(50_000);
});

test('stopping in the middle is no fault of the server', async () => {
  const origin = await serve((_, response) => {
    response.write('a');
  });
  const stop = new AbortController();
  const file = await outsideFetch({ fetch, ask: agree })(`${origin}/a.tar`, stop.signal);
  const read = new Response(file.stream).text();
  stop.abort();
  await expect(read).rejects.toMatchObject({ code: 'cancelled' });
});
