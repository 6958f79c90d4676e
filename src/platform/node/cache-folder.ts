import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where something is kept of which the user loses nothing: a folder in `XDG_CACHE_HOME`, else in `~/.cache`. */
export function cacheFolder(name: string): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'detrain', name);
}
