import type { ServerFetch } from '../../base/ask-server.ts';
import { StudioError } from '../../base/errors.ts';
import { type StallTimer, stallTimer } from '../../base/stall-timer.ts';
import type { FetchArchive } from '../../data/types.ts';
import type { HubConsent } from '../../interop/types.ts';

export interface OutsideFetchOptions {
  /** Puts the question to the user, `what` being the file's name; resolves to the answer. */
  readonly ask: (
    question: { readonly url: string; readonly what: string; readonly sends?: string },
    signal?: AbortSignal,
  ) => Promise<boolean>;
  readonly fetch: typeof globalThis.fetch;
  /** More than this is refused, whatever the server says. The default is 64 GiB: several times the largest public set. */
  readonly maxBytes?: number;
  /** So long without a byte is the end. The default is a minute. */
  readonly stallMs?: number;
}

const GIB = 2 ** 30;

/**
 * The one way in which the studio asks another server: `http(s)` alone, after the user has agreed, without cookies and
 * referrer, whole, bounded in bytes and in time without bytes. A file's name is the last part of its address. Throws `usage` for an address that is none, `cancelled` where the
 * user refuses or stops, `network` for what the server does; so does the stream.
 */
export function outsideFetch(options: OutsideFetchOptions): FetchArchive {
  const { ask, fetch, maxBytes = 64 * GIB, stallMs = 60_000 } = options;
  return async (text, signal) => {
    const url = webAddress(text);
    const name = fileName(url);
    if (!(await ask({ url: url.href, what: name }, signal))) {
      throw new StudioError('cancelled', `${name} was not fetched from ${url.host}: you did not allow it.`, {
        host: url.host,
      });
    }
    const stall = stallTimer(stallMs, signal);
    stall.restart();
    try {
      const response = await fetch(url.href, {
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        signal: stall.signal,
      });
      // A part of it (206), which nobody asked for, is not the file.
      if (response.status !== 200 || response.body === null) {
        const message = `${url.host} answered ${response.status} for ${name}; expected the file. Check the address.`;
        throw new StudioError('network', message, { host: url.host, status: response.status });
      }
      const byteLength = declaredLength(response.headers);
      if (byteLength !== null && byteLength > maxBytes) throw tooLarge(name, maxBytes);
      const stream = response.body.pipeThrough(bounded(name, maxBytes, stall));
      return { name, byteLength, stream: mendErrors(stream, url, name, stall, signal) };
    } catch (thrown) {
      stall.end();
      throw fetchError(thrown, url, name, stall, signal);
    }
  };
}

/**
 * The second way: many requests to one hub, of which the user is asked once. What it gives asks below that hub's address and
 * nowhere else; where the hub sends on to is the hub's affair. Throws `cancelled` where the user refuses.
 */
export function consentedFetch({
  ask,
  fetch,
}: Pick<OutsideFetchOptions, 'ask' | 'fetch'>): (question: HubConsent, signal: AbortSignal) => Promise<ServerFetch> {
  return async ({ hub, url, what, withToken }, signal) => {
    const { host } = new URL(hub);
    if (!(await ask({ url, what, ...(withToken && { sends: 'your token' }) }, signal))) {
      throw new StudioError('cancelled', `${what} was not fetched from ${host}: you did not allow it.`, { host });
    }
    return async (address, init) => {
      if (!address.startsWith(`${hub}/`)) throw new StudioError('internal', `${address} is not below ${hub}.`);
      return fetch(address, init);
    };
  };
}

function webAddress(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const found = url === null ? `"${text}" is no address` : `"${url.protocol}" addresses are not fetched`;
    throw new StudioError('usage', `${found}; expected one that begins with https:// or http://.`);
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

function fileName(url: URL): string {
  const last = url.pathname.split('/').findLast((part) => part !== '') ?? url.host;
  try {
    return decodeURIComponent(last);
  } catch {
    // A stray per cent sign: the name is shown as it stands in the address.
    return last;
  }
}

/** Other sites' servers rarely let a page see whether the body is compressed on the way; where one does, the length is of no use. */
function declaredLength(headers: Headers): number | null {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return headers.get('content-encoding') === null && Number.isSafeInteger(length) && length >= 0 ? length : null;
}

function bounded(
  name: string,
  maxBytes: number,
  stall: StallTimer,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      stall.restart();
      seen += chunk.length;
      if (seen > maxBytes) throw tooLarge(name, maxBytes);
      controller.enqueue(chunk);
    },
    flush() {
      // A body that is shorter than the server said has failed in the browser already.
      stall.end();
    },
  });
}

/** What the browser says of a broken connection, in the studio's words. */
function mendErrors(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  url: URL,
  name: string,
  stall: StallTimer,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (thrown) {
          stall.end();
          controller.error(fetchError(thrown, url, name, stall, signal));
        }
      },
      async cancel(reason) {
        stall.end();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function fetchError(
  thrown: unknown,
  url: URL,
  name: string,
  stall: StallTimer,
  signal: AbortSignal | undefined,
): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const { host } = url;
  if (signal?.aborted === true) return new StudioError('cancelled', 'Stopped on request.', {}, { cause: thrown });
  const message = stall.stalled
    ? `${host} sent nothing more of ${name} for a while; the file is not complete. Try again, or download it and drop it here.`
    : `${name} cannot be fetched from ${host}: there is no connection to it, or it does not let other sites read the file. Download it in a tab of its own and drop it here.`;
  return new StudioError('network', message, { host }, { cause: thrown });
}

function tooLarge(name: string, maxBytes: number): StudioError {
  const message = `${name} is larger than ${Math.round(maxBytes / GIB)} GiB, the most that is fetched. Download it and drop it here.`;
  return new StudioError('network', message, { maxBytes });
}
