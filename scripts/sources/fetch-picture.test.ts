import type { LookupAddress } from 'node:dns';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FetchLimits, fetchPicture } from './fetch-picture.ts';

const PUBLIC: LookupAddress = { address: '93.184.216.34', family: 4 };
const INSIDE: LookupAddress = { address: '127.0.0.1', family: 4 };
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3]);

let server: Server;
let port = 0;
/** `HOST PATH` of every request that arrived. */
let asked: string[] = [];
/** What the sockets were told to connect to. */
let pinned: (string | undefined)[] = [];

const PAGES: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/picture.jpg': (response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(PICTURE),
  '/page.jpg': (response) => response.writeHead(200, { 'content-type': 'Text/HTML; charset=utf-8' }).end('<html>'),
  '/endless': (response) => {
    response.writeHead(200);
    const write = () => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384)));
    };
    response.on('drain', write);
    write();
  },
  '/large': (response) => response.writeHead(200, { 'content-length': String(2 ** 30) }).end(),
  '/slow': (response) => void response.writeHead(200).write('a'),
  '/silent': () => undefined,
  '/broken': (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('a');
    setTimeout(() => response.destroy(), 20);
  },
  '/to-picture': (response) => response.writeHead(302, { location: '/picture.jpg' }).end('a body that is not read'),
  '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
  '/to-file': (response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
  '/to-nothing': (response) => response.writeHead(303).end(),
  '/to-loopback': (response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/picture.jpg` }).end(),
  '/to-metadata': (response) => response.writeHead(307, { location: 'http://169.254.169.254/latest' }).end(),
  '/to-inside-name': (response) => response.writeHead(302, { location: `http://inside.example:${port}/` }).end(),
  '/to-localhost': (response) => response.writeHead(302, { location: `http://localhost:${port}/picture.jpg` }).end(),
  '/to-public': (response) => response.writeHead(302, { location: `http://public.example:${port}/to-loopback` }).end(),
};

beforeAll(async () => {
  server = createServer(({ headers, url = '' }, response) => {
    asked.push(`${headers.host?.split(':')[0]} ${url}`);
    const page = PAGES[url];
    if (page) page(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Names as a name server gives them; public ones are then served by the local server. */
function limits(changes: Partial<FetchLimits> = {}): FetchLimits {
  const names: Readonly<Record<string, readonly LookupAddress[]>> = {
    'public.example': [PUBLIC],
    'inside.example': [INSIDE],
    'mixed.example': [PUBLIC, { address: '10.0.0.1', family: 4 }],
    localhost: [INSIDE],
  };
  return {
    async resolve(host) {
      const addresses = names[host];
      if (!addresses) throw new Error(`ENOTFOUND ${host}`);
      return addresses;
    },
    request(url, options) {
      const lookup: LookupFunction = (host, asking, done) => {
        options.lookup?.(host, asking, (error, addresses) => {
          pinned.push(Array.isArray(addresses) ? addresses[0]?.address : addresses);
          done(error, asking.all ? [INSIDE] : INSIDE.address, INSIDE.family);
        });
      };
      return request(url, { ...options, lookup });
    },
    maxBytes: 100_000,
    timeoutMs: 5_000,
    ...changes,
  };
}

function fetched(path: string, changes?: Partial<FetchLimits>, host = '127.0.0.1'): Promise<Uint8Array> {
  asked = [];
  pinned = [];
  return fetchPicture(`http://${host}:${port}${path}`, new AbortController().signal, limits(changes));
}

test('gives the bytes, from a loopback address that was asked for, and across a redirect there', async () => {
  expect(await fetched('/picture.jpg')).toEqual(new Uint8Array(PICTURE));
  expect(await fetched('/to-picture')).toEqual(new Uint8Array(PICTURE));
  expect(await fetched('/to-loopback', {}, 'localhost')).toEqual(new Uint8Array(PICTURE));
});

test('a public name is resolved once, and the connection goes where that answer said', async () => {
  let answers = 0;
  const rebinding: FetchLimits['resolve'] = async () => (answers++ === 0 ? [PUBLIC] : [INSIDE]);
  expect(await fetched('/picture.jpg', { resolve: rebinding }, 'public.example')).toEqual(new Uint8Array(PICTURE));
  expect([answers, pinned]).toEqual([1, [PUBLIC.address]]);
  await expect(
    fetched('/to-picture', { resolve: async () => (answers++ === 1 ? [PUBLIC] : [INSIDE]) }, 'public.example'),
  ).rejects.toThrow(/127\.0\.0\.1, in this computer/);
});

test.each([
  ['/none.jpg', /answers "404 Not Found" .*expected a picture/],
  ['/page.jpg', /web page, not a picture; give the address of the picture/],
  ['/endless', /larger than 100000 bytes/],
  ['/large', /larger than 100000 bytes/],
  ['/broken', /connection broke after 1 bytes/],
  ['/loop', /redirects more than 5 times/],
  ['/to-file', /redirects to an address that starts with file:/],
  ['/to-nothing', /redirects to nowhere \(303\)/],
])('%s is refused', async (path, message) => {
  await expect(fetched(path)).rejects.toMatchObject({ code: 'network', message: expect.stringMatching(message) });
  expect(asked.length).toBeLessThanOrEqual(6);
});

test.each(['/slow', '/silent'])('%s is given up once the time is over', async (path) => {
  await expect(fetched(path, { timeoutMs: 150 })).rejects.toMatchObject({
    code: 'network',
    message: expect.stringMatching(/longer than 0\.15 s/),
  });
});

test('a name server that does not answer is given up, too', async () => {
  const resolve = () => new Promise<never>(() => undefined);
  await expect(fetched('/', { resolve, timeoutMs: 100 }, 'public.example')).rejects.toThrow(/longer than 0\.1 s/);
});

test.each(['/to-loopback', '/to-metadata', '/to-inside-name', '/to-localhost'])(
  'a public address may not lead inside: %s',
  async (path) => {
    await expect(fetched(path, {}, 'public.example')).rejects.toThrow(/It redirects to .*expected a public address/);
    expect(asked).toEqual([`public.example ${path}`]);
  },
);

test.each(['inside.example', 'mixed.example'])(
  'a public name may not stand for an inside address: %s',
  async (host) => {
    await expect(fetched('/picture.jpg', {}, host)).rejects.toThrow(/stands for (127\.0\.0\.1|10\.0\.0\.1), in this/);
    expect(asked).toEqual([]);
  },
);

test('once a redirect has left for a public address, it may not come back', async () => {
  await expect(fetched('/to-public')).rejects.toThrow(/It redirects to http:\/\/127\.0\.0\.1/);
  expect(asked).toEqual(['127.0.0.1 /to-public', 'public.example /to-loopback']);
});

test.each([
  ['file:///etc/passwd', /starts with file:; expected http: or https:/],
  ['data:image/png;base64,AAAA', /starts with data:/],
  ['http://', /no address/],
  ['http://nowhere.example/a.jpg', /No address is known for the host nowhere\.example/],
  ['http://127.0.0.1:1/a.jpg', /Nothing answers at http:\/\/127\.0\.0\.1:1\/a\.jpg/],
])('%s is refused', async (address, message) => {
  await expect(fetchPicture(address, new AbortController().signal, limits())).rejects.toThrow(message);
});

test('a password in an address is not repeated', async () => {
  await expect(
    fetchPicture('http://me:secret@127.0.0.1:1/a.jpg', new AbortController().signal, limits()),
  ).rejects.toThrow(/^((?!secret).)*$/);
});

test('an interruption ends it as such', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const waiting = fetchPicture(`http://127.0.0.1:${port}/slow`, controller.signal, limits());
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
});
