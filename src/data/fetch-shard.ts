import { askServer, isPartAt, type Server, type ServerAnswer } from '../base/ask-server.ts';
import { bytesText } from '../base/bytes-text.ts';
import { StudioError } from '../base/errors.ts';
import { keepTrying } from '../base/keep-trying.ts';
import { shardFault } from './shard-fault.ts';
import type { Shard } from './shard-index.ts';

/** Bytes `begin` to `end` of a shard, given to `take` from the first to the last, each once, piece by piece. */
export type ReadShardPart = (
  shard: Shard,
  part: { readonly begin: number; readonly end: number },
  take: (piece: Uint8Array) => Promise<void>,
  signal: AbortSignal,
) => Promise<void>;

/**
 * Reads shards from a server, below the address of their index. A connection that breaks off is taken up again by range; a
 * server that ignores ranges is read from its beginning, and what was taken before is passed over. Throws `network` where
 * nothing comes any more, `cancelled`, and a fault of the shard alone (`shardFault`) where it is missing, shorter or longer than its
 * index says, or a web page comes in its place.
 */
export function fetchShards(
  indexUrl: URL,
  server: Server,
  wait: (milliseconds: number) => Promise<void>,
): ReadShardPart {
  let hasAnswered = false;
  return async (shard, { begin, end }, take, signal) => {
    const url = new URL(shard.name, indexUrl);
    url.search = indexUrl.search;
    let at = begin;

    const goOn = async (): Promise<boolean> => {
      const isWhole = at === 0 && end === shard.byteLength;
      const headers: Readonly<Record<string, string>> = isWhole ? {} : { Range: `bytes=${at}-${end - 1}` };
      const answer = await askServer(server, { url: url.href, what: shard.name, headers }, signal);
      hasAnswered = true;
      const fault = faultOf(answer, url.host, shard, at);
      if (fault !== null) {
        answer.drop();
        throw fault;
      }
      let toPass = answer.status === 206 ? 0 : at;
      for await (const received of answer.body()) {
        const passed = Math.min(toPass, received.byteLength);
        toPass -= passed;
        const piece = received.subarray(passed, passed + end - at);
        if (piece.byteLength === 0) continue;
        await take(piece);
        at += piece.byteLength;
        if (at === end) break;
      }
      if (at === end) return true;
      const found = `${url.host} ended ${shard.name} after ${bytesText(at)} of ${bytesText(shard.byteLength)}`;
      throw new StudioError('network', `${found}. Try again: what came is kept, and it goes on from there.`, {
        host: url.host,
      });
    };
    await keepTrying(goOn, { at: () => at, hasBegun: () => hasAnswered, wait, signal });
  };
}

/** Why an answer is not the bytes from `at` on, or null: an error that may pass, or a fault of the shard. */
function faultOf({ status, headers }: ServerAnswer, host: string, { name, byteLength }: Shard, at: number) {
  const lists = `the index lists ${byteLength} bytes`;
  const details = { host, status };
  if (status === 404 || status === 410) {
    return shardFault('not-found', name, `is not at ${host} (${status}), and the index names it.`, details);
  }
  if (status === 416) {
    return shardFault(
      'network',
      name,
      `ends before byte ${at} at ${host} (416), and ${lists}: it is cut off.`,
      details,
    );
  }
  if (status !== 200 && status !== 206) {
    // A server that is overloaded or begins anew may answer otherwise a little later.
    const passes = status === 429 || status >= 500;
    const message = `${host} answered ${status} for ${name}; expected the shard. ${passes ? 'Try again later' : 'Check the address'}: what came is kept.`;
    return new StudioError('network', message, { ...details, isFinal: !passes });
  }
  if (/\bhtml\b/i.test(headers.get('content-type') ?? '')) {
    return shardFault('network', name, `is a web page at ${host}, not a tar.`, details);
  }
  if (status === 206 && !isPartAt(headers, at, byteLength)) {
    const range = headers.get('content-range');
    const found = `came as another part than was asked for from ${host} ("${range}" for byte ${at}), and ${lists}.`;
    return shardFault('network', name, found, details);
  }
  // Of a body that is packed on the way the length says nothing.
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  if (status === 200 && length !== null && Number(length) !== byteLength) {
    return shardFault('network', name, `has ${length} bytes at ${host}, and ${lists}.`, details);
  }
  return null;
}
