import { bytesText } from '../base/bytes-text.ts';
import { StudioError, toStudioError } from '../base/errors.ts';
import { discardImport, storedBefore } from './import-journal.ts';
import type { DataSetStore, ImportJournal } from './types.ts';

/** An import that failed. */
export interface FailedImport {
  readonly journal: ImportJournal;
  readonly name: string;
  readonly store: DataSetStore;
  /** What was still to be stored, as far as that is known. */
  readonly bytesLeft: number;
  /** Whether nothing can be used of what is stored after such an error. */
  readonly isUseless: (error: StudioError) => boolean;
}

/** Leaves nothing of what is of no use, says of the rest that it stays, and gives the error to throw. */
export async function clearUpImport(thrown: unknown, failed: FailedImport): Promise<StudioError> {
  const { journal, name, store, bytesLeft: neededBytes, isUseless } = failed;
  const error = toStudioError(thrown);
  const stored = await storedBefore(store, journal.id).catch(() => null);
  if (stored === null || stored.length === 0 || isUseless(error)) {
    // Where that fails too, the journal stays, and with it the offer to discard the import.
    await discardImport(store, journal.id).catch(() => undefined);
  }
  if (error.code !== 'storage' || !('neededBytes' in error.details)) return error;
  const { freeBytes = null } = error.details;
  const stays =
    stored === null || stored.length === 0
      ? ''
      : ` ${stored.length} pictures stay stored: given the same files again, the import goes on from there.`;
  const isShort = typeof freeBytes === 'number' && freeBytes < neededBytes;
  const message = isShort
    ? `The browser's storage for this site is full: ${name} needs about ${bytesText(neededBytes)} more, and ${bytesText(freeBytes)} are free. Delete runs in Runs or data sets in Data to make room.${stays}`
    : `${error.message}${stays}`;
  return new StudioError('storage', message, { ...error.details, neededBytes }, { cause: error });
}
