import { askServer, type ServerAnswer, type ServerFetch } from '../base/ask-server.ts';

/** A hub as it is asked. */
export interface Hub {
  /** Origin and path, without a slash at the end. */
  readonly address: string;
  /** Sent to the hub itself; a fetch drops it where it is sent on to another host. */
  readonly token: string | null;
  readonly fetch: ServerFetch;
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

/** Asks the hub once. Throws `network` where there is no answer at all, `cancelled`; whatever it answers is returned. */
export function askHub(
  hub: Hub,
  { path, what, range, stay = false }: HubQuestion,
  signal?: AbortSignal,
): Promise<ServerAnswer> {
  const headers = {
    ...(hub.token === null ? {} : { Authorization: `Bearer ${hub.token}` }),
    ...(range === undefined ? {} : { Range: range }),
  };
  return askServer(hub, { url: `${hub.address}${path}`, what, headers, stay }, signal);
}

/** The host of a hub, for messages. */
export function hostOf({ address }: Pick<Hub, 'address'>): string {
  return new URL(address).host;
}
