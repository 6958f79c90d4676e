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
