import { StudioError } from '../../base/errors.ts';

/** What a person is told where the disk refuses. */
export interface StorageWords {
  /** What did not come about, without a full stop: "Features could not be kept in /a/b". */
  readonly failed: string;
  /** What to do where the disk is full, and where it is something else: sentences. */
  readonly whenFull: string;
  readonly otherwise?: string;
}

/** Does the work; what the file system refuses is thrown as `storage`, in these words. Errors of ours pass as they are. */
export async function orStorageError<T>(
  { failed, whenFull, otherwise = 'Check the folder and its rights.' }: StorageWords,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const advice = code === 'ENOSPC' ? whenFull : otherwise;
    throw new StudioError('storage', `${failed} (${message}). ${advice}`, {}, { cause });
  }
}
