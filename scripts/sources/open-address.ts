import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { StudioError } from '../../src/base/errors.ts';
import { isLocalHost, isSpecialAddress } from './special-address.ts';

/** The ways out, which a test replaces. */
export interface AddressPorts {
  /** Every address of a host. */
  readonly resolve: (host: string) => Promise<readonly LookupAddress[]>;
  readonly request: (url: URL, options: RequestOptions) => ReturnType<typeof requestHttp>;
}

export const REAL_PORTS: AddressPorts = {
  resolve: (host) => lookup(host, { all: true }),
  request: (url, options) => (url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)),
};

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The server's answer to a request, redirects followed; its body is the caller's to read or to destroy. */
export interface Answer {
  readonly response: IncomingMessage;
  /** Where the answer came from in the end. */
  readonly url: URL;
}

/**
 * Asks for an http(s) address, following redirects by hand. A name is resolved once a hop, and the connection goes to the
 * addresses that were looked at. An address that lies in this computer or its network may be asked for by the user; a
 * public one's redirect or name may not lead there. `what` is what is expected there, such as "picture".
 *
 * Throws `network` for what is refused or unreachable; with `unreachable` in its details where another try may help.
 */
export async function openAddress(
  address: string,
  what: string,
  { headers, signal }: { readonly headers: OutgoingHttpHeaders; readonly signal: AbortSignal },
  ports: AddressPorts = REAL_PORTS,
): Promise<Answer> {
  let url = parsed(address);
  let localAllowed = isLocalHost(url.hostname);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const addresses = await resolved(url, signal, ports);
    const special = addresses.find((each) => isSpecialAddress(each.address));
    if (special && !localAllowed) throw refusal(inwards(url, special.address, redirects > 0));
    localAllowed &&= special !== undefined;
    const response = await responseOf(url, addresses, { agent: false, headers, signal }, ports);
    const next = redirectOf(response, url, what);
    if (next === null) return { response, url };
    response.destroy();
    url = next;
  }
  throw refusal(`It redirects more than ${MAX_REDIRECTS} times; expected a ${what}. Give the ${what}'s own address.`);
}

/** An address for a message: without a password, and not longer than a line. */
export function shownAddress(url: URL): string {
  const plain = `${url.origin}${url.pathname}`;
  return plain.length > 160 ? `${plain.slice(0, 160)}...` : plain;
}

/** True where a server says that what it sends is a web page. */
export function isWebPage({ headers }: IncomingMessage): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type === 'text/html' || type === 'application/xhtml+xml';
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

async function resolved(url: URL, signal: AbortSignal, { resolve }: AddressPorts): Promise<readonly LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const none = `No address is known for the host ${host}; check its spelling and the connection.`;
  const addresses = await untilAborted(resolve(host), signal).catch((cause: unknown) => {
    throw refusal(none, cause, true);
  });
  if (addresses.length > 0) return addresses;
  throw refusal(none);
}

function inwards(url: URL, address: string, redirected: boolean): string {
  const way = redirected ? `It redirects to ${shownAddress(url)}, which is` : `The name ${url.hostname} stands for`;
  return `${way} ${address}, in this computer or its network; expected a public address. If that is meant, give that address itself.`;
}

function responseOf(
  url: URL,
  addresses: readonly LookupAddress[],
  options: RequestOptions,
  { request }: AddressPorts,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { ...options, lookup: pinnedTo(addresses) })
      .on('response', resolve)
      .on('error', (cause: NodeJS.ErrnoException) => reject(refusal(unreachable(url, cause), cause, true)))
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
  const where = shownAddress(url);
  if (code === 'ECONNREFUSED') {
    return `Nothing answers at ${where} (connection refused); expected a web server. Check host and port, or try later.`;
  }
  return `${where} cannot be reached (${code ?? message}); expected a web server. Check the address and the connection.`;
}

function redirectOf(response: IncomingMessage, from: URL, what: string): URL | null {
  const { statusCode = 0, headers } = response;
  if (!REDIRECTS.has(statusCode)) return null;
  const { location = '' } = headers;
  if (location === '' || !URL.canParse(location, from.href)) {
    response.destroy();
    throw refusal(`It redirects to nowhere (${statusCode}); expected a ${what}. Check the address.`);
  }
  const next = new URL(location, from.href);
  if (isWeb(next)) return next;
  response.destroy();
  throw refusal(`It redirects to an address that starts with ${next.protocol}; only http: and https: are followed.`);
}

function refusal(message: string, cause?: unknown, mayTryAgain = false): StudioError {
  return new StudioError('network', message, mayTryAgain ? { unreachable: true } : {}, { cause });
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
