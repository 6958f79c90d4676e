import { readFile, stat } from 'node:fs/promises';
import { StudioError } from '../../src/base/errors.ts';

/** Reads a UTF-8 file that was named on the command line. Throws `not-found` where it can't be read. */
export async function readTextFile(name: string): Promise<{ readonly name: string; readonly text: string }> {
  const text = await readFile(name, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(name, cause);
  });
  return { name, text };
}

/** Whether something lies at a path; what cannot be reached does not. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Whether a file lies at a path; what cannot be reached is none. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isFile(),
    () => false,
  );
}

/** Why a file can't be read, in a sentence: `not-found`. `cause` is what the file system said. */
export function unreadableFile(name: string, cause: unknown): StudioError {
  const code = fileErrorCode(cause);
  const found = isMissing(cause) ? 'is not there' : code === 'EISDIR' ? 'is a folder' : `can't be read (${code})`;
  return new StudioError('not-found', `${name} ${found}; expected a file. Check the path.`, { name }, { cause });
}

/** Whether the file system said that there is nothing by this name. */
export function isMissing(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(fileErrorCode(cause));
}

function fileErrorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
