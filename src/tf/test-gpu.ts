import { afterEach, beforeAll, expect } from 'vitest';
import { nodeGpu } from '../platform/node/device.ts';
import { createGpuSession, type GpuSession } from './gpu-session.ts';
import { tf } from './index.ts';

let shared: Promise<GpuSession> | null = null;

/** For a test file that makes and loses devices itself: the shared one is given back, and made anew for the next file. */
export function ownGpu(): void {
  beforeAll(async () => {
    const session = await shared;
    shared = null;
    session?.dispose();
  });
}

/**
 * Gives a test file the one device that all GPU tests share (making one, and its programs, costs more than most tests).
 * Fails a test where the device reported an error, or where tensors were left behind.
 */
export function sharedGpu(): () => GpuSession {
  let session: GpuSession | null = null;
  let tensors = 0;
  beforeAll(async () => {
    shared ??= nodeGpu().then((gpu) => createGpuSession(gpu));
    session = await shared;
    tensors = tf.memory().numTensors;
  });
  afterEach(async () => {
    await session?.device.queue.onSubmittedWorkDone();
    session?.throwIfFailed();
    expect(tf.memory().numTensors, 'tensors left behind').toBe(tensors);
  });
  return () => {
    if (!session) throw new Error('sharedGpu: the device is there once the tests run');
    return session;
  };
}
