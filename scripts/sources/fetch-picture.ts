import type { IncomingMessage } from 'node:http';
import { StudioError, toStudioError } from '../../src/base/errors.ts';
import { type AddressPorts, isWebPage, openAddress, REAL_PORTS, shownAddress } from './open-address.ts';

/** The ways out, which a test replaces, and what a fetch may cost at most. */
export interface FetchLimits extends AddressPorts {
  readonly maxBytes: number;
  /** For all of it: names, redirects and the body. */
  readonly timeoutMs: number;
}

const REAL: FetchLimits = { ...REAL_PORTS, maxBytes: 64 * 2 ** 20, timeoutMs: 30_000 };

/**
 * Fetches the bytes at an http(s) address, as `openAddress` does: redirects are followed, but never from a public address
 * into this computer or its network.
 *
 * Throws `network` for what is refused, unreachable, too large or too slow, `cancelled` where `signal` aborts.
 */
export async function fetchPicture(address: string, signal: AbortSignal, limits = REAL): Promise<Uint8Array> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  const headers = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'detrain' };
  try {
    const { response, url } = await openAddress(address, 'picture', { headers, signal: either }, limits);
    return await bodyOf(response, url, limits.maxBytes);
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

async function bodyOf(response: IncomingMessage, url: URL, maxBytes: number): Promise<Uint8Array> {
  const { statusCode, statusMessage, headers } = response;
  if (statusCode !== 200) {
    const status = `${statusCode} ${statusMessage}`.trim();
    throw abandoned(
      response,
      `The server answers "${status}" to ${shownAddress(url)}; expected a picture. Check the address.`,
    );
  }
  if (isWebPage(response)) {
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

function refusal(message: string, cause?: unknown): StudioError {
  return new StudioError('network', message, {}, { cause });
}
