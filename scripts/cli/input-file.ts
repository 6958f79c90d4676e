import { readFile } from 'node:fs/promises';
import { StudioError } from '../../src/base/errors.ts';

/** Reads a UTF-8 file that was named on the command line. Throws `not-found` where it can't be read. */
export async function readTextFile(name: string): Promise<{ readonly name: string; readonly text: string }> {
  try {
    return { name, text: await readFile(name, 'utf8') };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const found = code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a folder' : `can't be read (${code})`;
    throw new StudioError('not-found', `${name} ${found}; expected a file. Check the path.`, { name }, { cause });
  }
}
