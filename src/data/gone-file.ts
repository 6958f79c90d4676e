import { StudioError } from '../base/errors.ts';

/** True where the browser says that a given file was moved, deleted or changed since it was given. */
export function isGone(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'NotReadableError' || thrown.name === 'NotFoundError');
}

/** The `not-found` error for such a file. */
export function goneFile(name: string, cause: unknown): StudioError {
  const message = `${name} cannot be read any more: it was moved, deleted or changed after it was given. Give it again.`;
  return new StudioError('not-found', message, { name }, { cause });
}
