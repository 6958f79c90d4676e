import { isFileManagerLitter, safeTreePath } from './tree-path.ts';
import type { Problem } from './types.ts';

/** Far above any data set; keeps a hostile archive of empty files from filling the memory with names. */
export const MAX_ENTRIES = 2_000_000;

/** What an archive says that an entry is. */
export type EntryKind = 'file' | 'directory' | 'link' | 'other';

/**
 * The path under which an archive's entry is taken, or null where it is left out; what was left out, and is more than a
 * folder or a file manager's litter, is told in `problems`. `kindName` names what the entry is, for links and devices.
 */
export function takenPath(name: string, kind: EntryKind, kindName: string, problems: Problem[]): string | null {
  const path = safeTreePath(name);
  const warn = (reason: string): null => {
    problems.push({ file: name, severity: 'warning', reason });
    return null;
  };
  if (kind === 'directory') {
    if (path !== null || /^[./]*$/.test(name)) return null;
    return warn('The folder lies outside the archive; it was left out.');
  }
  if (path === null) {
    return warn('The name is absolute or leads outside the archive; the entry was left out and nothing was written.');
  }
  if (isFileManagerLitter(path)) return null;
  if (kind === 'file') return path;
  return warn(`The entry is ${kind === 'link' ? 'a link' : `a ${kindName}`}, not a file; it was left out.`);
}

/** Tells that a path came a second time; the caller takes the last. */
export function noteRepeat(path: string, problems: Problem[]): void {
  const reason = 'The name stands twice in the archive; the last one was taken.';
  problems.push({ file: path, severity: 'warning', reason });
}
