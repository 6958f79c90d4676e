import type { IncomingMessage } from 'node:http';
import { StudioError } from '../../src/base/errors.ts';
import { isWebPage, shownAddress } from './open-address.ts';

/** What is known of a file that is fetched, from what its server said so far. */
export interface Known {
  /** The same for the same bytes. */
  readonly identity: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Of the whole; null where the server does not say. */
  readonly byteLength: number | null;
}

/** What was asked for: the bytes `from` one on, while `have` bytes are there already. */
export interface Asked {
  readonly from: number;
  readonly have: number;
  readonly known: Known;
  readonly what: string;
}

/** What a server's answer means for the download. */
export type Verdict =
  /** Its body begins at the byte `from` of the whole. */
  | { readonly kind: 'body'; readonly from: number; readonly known: Omit<Known, 'identity'> }
  /** Everything is there already. */
  | { readonly kind: 'whole' }
  /** The server has another file by now: what is there is of no use. */
  | { readonly kind: 'changed'; readonly reason: string }
  /** Other bytes than those that were asked for: ranges are of no use here. */
  | { readonly kind: 'other-range'; readonly error: StudioError }
  | { readonly kind: 'refused'; readonly error: StudioError };

/** Worth another try: timeouts, too many requests, and what a server says of itself. */
const FOR_A_WHILE: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Judges the answer to a request for a range (RFC 9110, 14 and 15.3.7) or for the whole. */
export function judgeAnswer(response: IncomingMessage, url: URL, { from, have, known, what }: Asked): Verdict {
  const { statusCode = 0, statusMessage = '', headers } = response;
  const validators = { etag: headers.etag ?? null, lastModified: headers['last-modified'] ?? null };
  if (statusCode === 416) return unsatisfiable(headers['content-range'], have);
  if (statusCode !== 200 && statusCode !== 206) {
    const message = `The server answers "${`${statusCode} ${statusMessage}`.trim()}" to ${shownAddress(url)}; expected the ${what}. Check the address, or try another mirror.`;
    const details: Record<string, boolean> = FOR_A_WHILE.has(statusCode) ? { unreachable: true } : {};
    return { kind: 'refused', error: new StudioError('network', message, details) };
  }
  if (isWebPage(response)) {
    const message = `${shownAddress(url)} is a web page, not the ${what}; give the ${what}'s own address, or a mirror's.`;
    return { kind: 'refused', error: new StudioError('network', message) };
  }
  if (statusCode === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
    const total = range?.[3] === undefined || range[3] === '*' ? known.byteLength : Number(range[3]);
    if (range === null || Number(range[1]) !== from) {
      const found = headers['content-range'] ?? 'no Content-Range';
      const message = `The server sends another part than was asked for (${found}, asked from byte ${from})`;
      return { kind: 'other-range', error: new StudioError('network', message, { unreachable: true }) };
    }
    if (isOther({ ...validators, byteLength: total }, known)) return changed();
    return { kind: 'body', from, known: { ...keep(validators, known), byteLength: total } };
  }
  const length = headers['content-length'];
  const byteLength = length === undefined || !/^\d+$/.test(length) ? null : Number(length);
  if (have > 0 && isOther({ ...validators, byteLength }, known)) return changed();
  return { kind: 'body', from: 0, known: { ...keep(validators, known), byteLength: byteLength ?? known.byteLength } };
}

function unsatisfiable(contentRange: string | undefined, have: number): Verdict {
  const total = /^bytes \*\/(\d+)$/.exec(contentRange ?? '')?.[1];
  if (total !== undefined && Number(total) === have) return { kind: 'whole' };
  return changed();
}

function changed(): Verdict {
  return { kind: 'changed', reason: 'The server has another file by now than the one that was begun; it begins anew.' };
}

/** Only what both sides say is compared. */
function isOther(now: Omit<Known, 'identity'>, before: Known): boolean {
  const differs = <T>(a: T | null, b: T | null): boolean => a !== null && b !== null && a !== b;
  return (
    differs(now.byteLength, before.byteLength) ||
    differs(now.etag, before.etag) ||
    (now.etag === null && differs(now.lastModified, before.lastModified))
  );
}

function keep<T extends Pick<Known, 'etag' | 'lastModified'>>(now: T, before: Known): T {
  return { ...now, etag: now.etag ?? before.etag, lastModified: now.lastModified ?? before.lastModified };
}
