/**
 * The path of an archive's entry as it stands in a `FileTree`: `/` between names, no `.` and no empty part. Null where the
 * name is absolute, climbs with `..`, names a drive, or holds a NUL: such an entry is never to be used.
 */
export function safeTreePath(name: string): string | null {
  if (name.includes('\0') || /^[/\\]/.test(name) || /^[a-z]:[/\\]/i.test(name)) return null;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.some((part) => part.split('\\').includes('..'))) return null;
  return parts.join('/');
}

/** True for what file managers leave behind: AppleDouble twins, `.DS_Store`, `Thumbs.db`, `__MACOSX/`. */
export function isFileManagerLitter(path: string): boolean {
  const parts = path.split('/');
  const last = parts.at(-1) ?? '';
  return last.startsWith('._') || last === '.DS_Store' || last === 'Thumbs.db' || parts.includes('__MACOSX');
}

/** The part before the last `/`, without it; empty at the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The file's name without its folder and its last extension. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
