import { StudioError } from './errors.ts';

/** What `work` refuses with; fails where it refuses nothing, or with an error that is none of ours. For tests only. */
export function refusalOf(work: () => unknown): StudioError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof StudioError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
}

/** The same of work that is awaited. For tests only. */
export async function asyncRefusalOf(work: Promise<unknown>): Promise<StudioError> {
  const thrown: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (thrown instanceof StudioError) return thrown;
  throw thrown ?? new Error('Nothing was refused.');
}
