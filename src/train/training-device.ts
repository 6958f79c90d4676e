import { StudioError } from '../base/errors.ts';
import { sharedPromise } from '../base/shared-promise.ts';
import { createGpuSession, type GpuSession } from '../tf/index.ts';

/** The device of the thread that trains. */
export interface TrainingDevice {
  /** Made at the first call, and again after it was lost. Throws `gpu-unavailable`. */
  get(): Promise<GpuSession>;
  /**
   * One on which nothing is allocated but by work of that name: buffers are pooled by size and never shrink, so that what
   * another model or picture size has left would only take room. Nothing may be going on.
   */
  getFor(work: string): Promise<GpuSession>;
}

/** After a loss an adapter may take a moment to come back. */
const RETRY_AFTER_MS = [500, 2000] as const;

/** Makes devices as they are needed; after a loss it tries a few times and then says so. */
export function trainingDevice(
  gpu: () => Promise<GPU | undefined>,
  wait: (milliseconds: number) => Promise<void>,
): TrainingDevice {
  let wasLost = false;
  let usedFor: string | null = null;
  const open = async () =>
    createGpuSession(await gpu(), {
      drawsWindow: true,
      onLost: () => {
        wasLost = true;
        session.forget();
      },
    });
  const session = sharedPromise(async () => {
    if (!wasLost) return open();
    for (const milliseconds of RETRY_AFTER_MS) {
      const opened = await open().catch(nullIfUnavailable);
      if (opened) return opened;
      await wait(milliseconds);
    }
    return open().catch((error: unknown) => {
      nullIfUnavailable(error);
      throw new StudioError(
        'gpu-unavailable',
        'The graphics card was lost and has not come back. What was saved is kept: restart the browser, then resume the run.',
        {},
        { cause: error },
      );
    });
  });

  return {
    get: session.get,
    async getFor(work) {
      let held = await session.get();
      if (held.allocatedBytes() > 0 && usedFor !== work) {
        session.forget();
        held.dispose();
        held = await session.get();
      }
      usedFor = work;
      return held;
    },
  };
}

function nullIfUnavailable(error: unknown): null {
  if (error instanceof StudioError && error.code === 'gpu-unavailable') return null;
  throw error;
}
