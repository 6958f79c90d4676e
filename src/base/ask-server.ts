import { StudioError } from './errors.ts';
import { stallTimer } from './stall-timer.ts';

/** Port: the platform's fetch, in the browser behind the user's consent. */
export type ServerFetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a server is asked. */
export interface Server {
  readonly fetch: ServerFetch;
  /** So long without a byte is the end; a minute where it is left out. */
  readonly stallMs?: number | undefined;
}

/** One request. */
export interface ServerQuestion {
  readonly url: string;
  /** What is asked for, for messages. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the server sends on to another, stay with its own answer; a browser then shows nothing of it. */
  readonly stay?: boolean;
}

export interface ServerAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** True where the server sends on to another and the browser hides its answer. */
  readonly isHidden: boolean;
  /** The body as it comes. Throws `network` where it breaks off or stalls, `cancelled`. */
  body(): AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /** Ends the connection where nobody wants the body. */
  drop(): void;
}

const STALL_MS = 60_000;

/**
 * Asks a server once, without cookies, referrer and cache. Throws `network` where there is no answer at all (then with
 * `answered: false` in its details), `cancelled`; whatever it answers is returned.
 */
export async function askServer(
  { fetch, stallMs = STALL_MS }: Server,
  { url, what, headers = {}, stay = false }: ServerQuestion,
  signal?: AbortSignal,
): Promise<ServerAnswer> {
  const stall = stallTimer(stallMs, signal);
  let answered = false;
  const failed = (thrown: unknown): StudioError => {
    stall.end();
    if (thrown instanceof StudioError) return thrown;
    if (signal?.aborted === true) return new StudioError('cancelled', 'Stopped on request.', {}, { cause: thrown });
    return brokenOff(new URL(url).host, what, { stalled: stall.stalled, answered }, thrown);
  };
  stall.restart();
  let response: Response;
  try {
    response = await fetch(url, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: stay ? 'manual' : 'follow',
      signal: stall.signal,
      headers,
    });
  } catch (thrown) {
    throw failed(thrown);
  }
  answered = true;
  return {
    status: response.status,
    headers: response.headers,
    isHidden: response.type === 'opaqueredirect',
    async *body() {
      const reader = response.body?.getReader();
      try {
        for (;;) {
          const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
          if (done || value === undefined) return;
          stall.restart();
          yield value;
          // Storing what came takes time of its own.
          stall.restart();
        }
      } catch (thrown) {
        throw failed(thrown);
      } finally {
        stall.end();
        await reader?.cancel().catch(() => {});
      }
    },
    drop() {
      stall.end();
      response.body?.cancel().catch(() => {});
    },
  };
}

/** The body as text. Throws as `body`, and `network` where it is longer than `mostBytes`. */
export async function textOf(answer: ServerAnswer, what: string, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let seen = 0;
  for await (const chunk of answer.body()) {
    seen += chunk.byteLength;
    if (seen > mostBytes) {
      throw new StudioError(
        'network',
        `${what} has more than ${mostBytes} bytes; expected a small file. Check the address.`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Whether a part (206) begins at `at` and is of a file of `byteLength` bytes, as far as its headers say: a browser may hide
 * them, and a length may not be known (null). A hash decides in the end.
 */
export function isPartAt(headers: Headers, at: number, byteLength: number | null): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (range === null) return true;
  const [, begin, total] = range;
  return Number(begin) === at && (total === '*' || byteLength === null || Number(total) === byteLength);
}

function brokenOff(
  host: string,
  what: string,
  { stalled, answered }: { readonly stalled: boolean; readonly answered: boolean },
  cause: unknown,
): StudioError {
  const found = stalled
    ? `${host} sent nothing more of ${what} for a while`
    : answered
      ? `The connection to ${host} broke off in the middle of ${what}`
      : `${host} does not answer for ${what}: there is no connection to it, or it does not let other sites read it`;
  const message = `${found}. Check the network and the address, then try again: what came is kept, and it goes on from there.`;
  return new StudioError('network', message, { host, answered }, { cause });
}
