import { StudioError } from '../../base/errors.ts';
import { frameOf } from './frame-of.ts';

/** A frame, and when in the video it is, in seconds. */
export interface VideoFrame {
  readonly picture: Blob;
  readonly atSeconds: number;
}

/** The length of a video that has loaded, in seconds; one that was recorded in a page may say it only once it was run through. */
export async function lengthOf(video: HTMLVideoElement, signal: AbortSignal): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration;
  await seek(video, Number.MAX_SAFE_INTEGER, signal);
  const length = Number.isFinite(video.duration) ? video.duration : video.currentTime;
  await seek(video, 0, signal);
  return length;
}

/** How many frames there are in so many seconds, the first at 0. */
export function frameCount(lengthSeconds: number, everySeconds: number): number {
  return Math.max(1, Math.ceil(lengthSeconds / everySeconds - 1e-6));
}

/**
 * The frames of a video, one every so many seconds. Throws `bad-image` where the browser fails to decode one, and when `signal`
 * aborts.
 */
export async function* framesEvery(
  video: HTMLVideoElement,
  everySeconds: number,
  signal: AbortSignal,
): AsyncGenerator<VideoFrame> {
  video.pause();
  const count = frameCount(await lengthOf(video, signal), everySeconds);
  for (let i = 0; i < count; i += 1) {
    await seek(video, i * everySeconds, signal);
    yield { picture: await frameOf(video), atSeconds: video.currentTime };
  }
}

function seek(video: HTMLVideoElement, seconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const end = (settle: () => void) => () => {
      listening.abort();
      settle();
    };
    const broken = () => {
      const message = `The browser cannot decode the video at ${seconds.toFixed(1)} s; it is damaged there.`;
      reject(new StudioError('bad-image', message));
    };
    video.addEventListener('seeked', end(resolve), { signal: listening.signal });
    video.addEventListener('error', end(broken), { signal: listening.signal });
    const abort = end(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { signal: listening.signal });
    video.currentTime = seconds;
  });
}
