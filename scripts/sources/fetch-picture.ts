import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { StudioError, toStudioError } from '../../src/base/errors.ts';
import { isLocalHost, isSpecialAddress } from './special-address.ts';

/** The ways out, which a test replaces, and what a fetch may cost at most. */
export interface FetchLimits {
  /** Every address of a host. */
  readonly resolve: (host: string) => Promise<readonly LookupAddress[]>;
  readonly request: (url: URL, options: RequestOptions) => ReturnType<typeof requestHttp>;
  readonly maxBytes: number;
  /** For all of it: names, redirects and the body. */
  readonly timeoutMs: number;
}

const REAL: FetchLimits = {
  resolve: (host) => lookup(host, { all: true }),
  request: (url, options) => (url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)),
  maxBytes: 64 * 2 ** 20,
  timeoutMs: 30_000,
};

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches the bytes at an http(s) address, following redirects by hand. A name is resolved once a hop, and the connection
 * goes to the addresses that were looked at. An address that lies in this computer or its network may be asked for by the
 * user; a public one's redirect or name may not lead there.
 *
 * Throws `network` for what is refused, unreachable, too large or too slow, `cancelled` where `signal` aborts.
 */
export async function fetchPicture(address: string, signal: AbortSignal, limits = REAL): Promise<Uint8Array> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  try {
    return await followed(address, either, limits);
  } catch (thrown) {
    if (signal.aborted) throw toStudioError(new DOMException('Stopped', 'AbortError'));
    if (deadline.aborted) {
      const seconds = limits.timeoutMs / 1000;
      throw refusal(
        `It took longer than ${seconds} s; expected the whole picture by then. Download it by other means.`,
      );
    }
    throw thrown;
  }
}

async function followed(address: string, signal: AbortSignal, limits: FetchLimits): Promise<Uint8Array> {
  let url = parsed(address);
  let localAllowed = isLocalHost(url.hostname);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const addresses = await resolved(url, signal, limits);
    const special = addresses.find((each) => isSpecialAddress(each.address));
    if (special && !localAllowed) throw refusal(inwards(url, special.address, redirects > 0));
    localAllowed &&= special !== undefined;
    const response = await responseOf(url, addresses, signal, limits);
    const next = redirectOf(response, url);
    if (next === null) return bodyOf(response, url, limits.maxBytes);
    response.destroy();
    url = next;
  }
  throw refusal(`It redirects more than ${MAX_REDIRECTS} times; expected a picture. Give the picture's own address.`);
}

function parsed(address: string): URL {
  if (!URL.canParse(address)) throw refusal('That is no address; expected http(s)://HOST/PATH. Check its spelling.');
  const url = new URL(address);
  if (isWeb(url)) return url;
  throw refusal(`Found an address that starts with ${url.protocol}; expected http: or https:, or the path of a file.`);
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

async function resolved(url: URL, signal: AbortSignal, { resolve }: FetchLimits): Promise<readonly LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const addresses = await untilAborted(resolve(host), signal).catch((cause: unknown) => {
    throw refusal(`No address is known for the host ${host}; check its spelling and the connection.`, cause);
  });
  if (addresses.length > 0) return addresses;
  throw refusal(`No address is known for the host ${host}; check its spelling and the connection.`);
}

function inwards(url: URL, address: string, redirected: boolean): string {
  const way = redirected ? `It redirects to ${shown(url)}, which is` : `The name ${url.hostname} stands for`;
  return `${way} ${address}, in this computer or its network; expected a public address. If that is meant, give that address itself.`;
}

function responseOf(
  url: URL,
  addresses: readonly LookupAddress[],
  signal: AbortSignal,
  limits: FetchLimits,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'detrain' };
    const options = { agent: false, headers, lookup: pinnedTo(addresses), signal };
    limits
      .request(url, options)
      .on('response', resolve)
      .on('error', (cause: NodeJS.ErrnoException) => reject(refusal(unreachable(url, cause), cause)))
      .end();
  });
}

/** What a socket asks instead of the name server, so that a second answer cannot differ from the one that was checked. */
function pinnedTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };
}

function unreachable(url: URL, { code, message }: NodeJS.ErrnoException): string {
  const where = shown(url);
  if (code === 'ECONNREFUSED') {
    return `Nothing answers at ${where} (connection refused); expected a web server. Check host and port, or try later.`;
  }
  return `${where} cannot be reached (${code ?? message}); expected a web server. Check the address and the connection.`;
}

function redirectOf(response: IncomingMessage, from: URL): URL | null {
  const { statusCode = 0, headers } = response;
  if (!REDIRECTS.has(statusCode)) return null;
  const { location = '' } = headers;
  if (location === '' || !URL.canParse(location, from.href)) {
    throw abandoned(response, `It redirects to nowhere (${statusCode}); expected a picture. Check the address.`);
  }
  const next = new URL(location, from.href);
  if (isWeb(next)) return next;
  throw abandoned(
    response,
    `It redirects to an address that starts with ${next.protocol}; only http: and https: are followed.`,
  );
}

async function bodyOf(response: IncomingMessage, url: URL, maxBytes: number): Promise<Uint8Array> {
  const { statusCode, statusMessage, headers } = response;
  if (statusCode !== 200) {
    const status = `${statusCode} ${statusMessage}`.trim();
    throw abandoned(
      response,
      `The server answers "${status}" to ${shown(url)}; expected a picture. Check the address.`,
    );
  }
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/html' || type === 'application/xhtml+xml') {
    throw abandoned(response, 'It is a web page, not a picture; give the address of the picture in it.');
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(response, maxBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.byteLength;
      if (length > maxBytes) throw tooLarge(response, maxBytes);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw refusal(`The connection broke after ${length} bytes; expected the whole picture. Try again.`, cause);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function tooLarge(response: IncomingMessage, maxBytes: number): StudioError {
  const most = maxBytes >= 2 ** 20 ? `${maxBytes / 2 ** 20} MiB` : `${maxBytes} bytes`;
  return abandoned(response, `It is larger than ${most}, which is the most that is fetched; scale the picture down.`);
}

function abandoned(response: IncomingMessage, message: string): StudioError {
  response.destroy();
  return refusal(message);
}

/** An address for a message: without a password, and not longer than a line. */
function shown(url: URL): string {
  const plain = `${url.origin}${url.pathname}`;
  return plain.length > 160 ? `${plain.slice(0, 160)}...` : plain;
}

function refusal(message: string, cause?: unknown): StudioError {
  return new StudioError('network', message, {}, { cause });
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
