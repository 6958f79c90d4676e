import { StudioError } from '../base/errors.ts';
import { stallTimer } from '../base/stall-timer.ts';
import type { HubFetch } from './types.ts';

/** A hub as it is asked. */
export interface Hub {
  /** Origin and path, without a slash at the end. */
  readonly address: string;
  /** Sent to the hub itself; a fetch drops it where it is sent on to another host. */
  readonly token: string | null;
  readonly fetch: HubFetch;
  /** So long without a byte is the end; a minute where it is left out. */
  readonly stallMs?: number;
}

/** One request. */
export interface HubQuestion {
  /** Below the hub's address, with a slash in front. */
  readonly path: string;
  /** What is asked for, for messages. */
  readonly what: string;
  readonly range?: string;
  /** Where the hub sends on to another host, stay with its own answer; a browser then shows nothing of it. */
  readonly stay?: boolean;
}

export interface HubAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** True where the hub sends on to another host and the browser hides its answer. */
  readonly isHidden: boolean;
  /** The body as it comes. Throws `network` where it breaks off or stalls, `cancelled`. */
  body(): AsyncGenerator<Uint8Array>;
  /** Ends the connection where nobody wants the body. */
  drop(): void;
}

const STALL_MS = 60_000;

/** Asks the hub once. Throws `network` where there is no answer at all, `cancelled`; whatever it answers is returned. */
export async function askHub(hub: Hub, question: HubQuestion, signal?: AbortSignal): Promise<HubAnswer> {
  const stall = stallTimer(hub.stallMs ?? STALL_MS, signal);
  let answered = false;
  const failed = (thrown: unknown): StudioError => {
    stall.end();
    if (thrown instanceof StudioError) return thrown;
    if (signal?.aborted === true) return new StudioError('cancelled', 'Stopped on request.', {}, { cause: thrown });
    return brokenOff(hub, question.what, { stalled: stall.stalled, answered }, thrown);
  };
  stall.restart();
  let response: Response;
  try {
    response = await hub.fetch(`${hub.address}${question.path}`, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: question.stay === true ? 'manual' : 'follow',
      signal: stall.signal,
      headers: {
        ...(hub.token === null ? {} : { Authorization: `Bearer ${hub.token}` }),
        ...(question.range === undefined ? {} : { Range: question.range }),
      },
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
export async function textOf(answer: HubAnswer, what: string, mostBytes: number): Promise<string> {
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

/** The host of a hub, for messages. */
export function hostOf({ address }: Pick<Hub, 'address'>): string {
  return new URL(address).host;
}

function brokenOff(
  hub: Hub,
  what: string,
  { stalled, answered }: { readonly stalled: boolean; readonly answered: boolean },
  cause: unknown,
): StudioError {
  const host = hostOf(hub);
  const found = stalled
    ? `${host} sent nothing more of ${what} for a while`
    : answered
      ? `The connection to ${host} broke off in the middle of ${what}`
      : `${host} does not answer for ${what}: there is no connection to it, or it does not let other sites read it`;
  const message = `${found}. Check the network and the hub's address, then try again: what came is kept, and it goes on from there.`;
  return new StudioError('network', message, { host, answered }, { cause });
}
