import { readFile, stat } from 'node:fs/promises';
import { StudioError } from '../../src/base/errors.ts';
import { fetchPicture } from './fetch-picture.ts';

/** Above any picture that is decoded, whatever its format. */
const MAX_FILE_BYTES = 512 * 2 ** 20;

/** Whether a picture is named by address: a scheme of two letters or more and `//`, or one that is written without. */
export function isAddress(image: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(image) || /^(https?|file|data|blob|ftp|javascript):/i.test(image);
}

/**
 * The bytes of the picture that a command line names by path or http(s) address. The messages do not repeat the name.
 * Throws `not-found`, `bad-image`, and as `fetchPicture`.
 */
export async function readPicture(image: string, signal: AbortSignal): Promise<Uint8Array> {
  if (isAddress(image)) return fetchPicture(image, signal);
  const about = await stat(image).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  // A device or a pipe might never end.
  if (!about.isFile()) {
    const found = about.isDirectory() ? 'It is a folder' : 'It is no regular file';
    throw new StudioError('not-found', `${found}; expected a picture. Name the pictures one by one, or with *.jpg.`);
  }
  if (about.size > MAX_FILE_BYTES) {
    throw new StudioError('bad-image', `It has ${about.size} bytes; expected a picture of at most ${MAX_FILE_BYTES}.`);
  }
  return readFile(image).catch((cause: unknown) => {
    throw unreadable(cause);
  });
}

function unreadable(cause: unknown): StudioError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const found = code === 'ENOENT' ? 'There is no such file' : `It cannot be read (${code})`;
  return new StudioError('not-found', `${found}; expected a picture. Check the path.`, {}, { cause });
}
