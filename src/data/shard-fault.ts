import { StudioError } from '../base/errors.ts';

/** Of one shard, which is not what its index says, or not there: the others may still be taken. `found` follows its name. */
export function shardFault(
  code: 'network' | 'not-found' | 'bad-archive',
  shard: string,
  found: string,
  details: Readonly<Record<string, unknown>> = {},
): StudioError {
  return new StudioError(code, `${shard} ${found}`, { ...details, isFinal: true, shard });
}

/** The shard that an error is about, where it is about one alone. */
export function faultyShard(error: StudioError): string | null {
  const { shard } = error.details;
  return typeof shard === 'string' ? shard : null;
}
