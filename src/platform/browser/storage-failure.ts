import { bytesText } from '../../base/bytes-text.ts';
import { StudioError } from '../../base/errors.ts';

/**
 * The `storage` error for a write of so many bytes that the browser refused. Near the quota browsers give many reasons: so
 * the free bytes stand in the details whatever the reason was.
 */
export async function storageFailure(cause: unknown, neededBytes: number): Promise<StudioError> {
  if (cause instanceof StudioError) return cause;
  const freeBytes = await freeStorageBytes();
  const isFull =
    (cause instanceof Error && cause.name === 'QuotaExceededError') || (freeBytes ?? Infinity) < neededBytes;
  const free = freeText(freeBytes, neededBytes, isFull);
  const reason = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  const message = isFull
    ? `The browser's storage for this site is full: ${neededBytes === 0 ? 'more room is' : `${bytesText(neededBytes)} are`} needed${free}. Delete runs in Runs or data sets in Data to make room.`
    : `The browser refused to ${neededBytes === 0 ? 'change what it has stored' : `store ${bytesText(neededBytes)}`}${reason}${free}. Make room on the disk, or reload the page and try again.`;
  return new StudioError('storage', message, { neededBytes, freeBytes }, { cause });
}

/** Does what writes so many bytes, 0 where it only deletes. Throws what goes wrong as `storageFailure`. */
export async function reported<T>(neededBytes: number, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw await storageFailure(cause, neededBytes);
  }
}

/** Bytes that this site may still store; null where the browser does not tell. */
export async function freeStorageBytes(): Promise<number | null> {
  const estimate = await navigator.storage?.estimate?.();
  if (estimate?.quota === undefined || estimate.usage === undefined) return null;
  return Math.max(0, estimate.quota - estimate.usage);
}

/** Some browsers estimate far more than they give. */
function freeText(freeBytes: number | null, neededBytes: number, isFull: boolean): string {
  if (freeBytes === null) return '';
  const isWrong = isFull && freeBytes >= neededBytes;
  return isWrong
    ? `, and the browser gives less, though it estimates ${bytesText(freeBytes)} free`
    : `, and ${bytesText(freeBytes)} are free`;
}
