import { StudioError, toStudioError } from './errors.ts';

/** How often in a row a connection that brought nothing is taken up again without being asked. */
const MOST_TRIES = 5;
const WAIT_MS = 1000;

export interface Trying {
  /** How far it is: where that has grown, the count of tries begins anew. */
  readonly at: () => number;
  /** Whether anything has come so far: where nobody answers from the beginning there is no network, and waiting for it would only hide that. */
  readonly hasBegun: () => boolean;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Repeats `attempt` until it is true, and takes it up again a little later where it throws `network`. Throws what it threw
 * after five tries in a row that brought nothing, where its details say `isFinal`, and where it is any other error;
 * `cancelled`.
 */
export async function keepTrying(attempt: () => Promise<boolean>, trying: Trying): Promise<void> {
  const { at, hasBegun, wait, signal } = trying;
  let tries = 0;
  for (;;) {
    const before = at();
    try {
      if (await attempt()) return;
    } catch (thrown) {
      const error = toStudioError(thrown);
      tries = at() > before ? 1 : tries + 1;
      const isAbsent = error.details.answered === false && !hasBegun();
      const isFinal = error.code !== 'network' || error.details.isFinal === true || isAbsent;
      if (isFinal || tries >= MOST_TRIES) throw error;
      await wait(WAIT_MS * tries);
      if (signal?.aborted === true) throw new StudioError('cancelled', 'Stopped on request.');
    }
  }
}
