import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { StudioError } from '../../base/errors.ts';
import type { FileEntry, FileTree, Problem, ReadArchive } from '../../data/types.ts';

/**
 * The files of a folder, or of an archive that `readArchive` (`readArchiveTree`) reads, whichever `path` is. A folder's files
 * are read when asked for. Links inside a folder are left out with a warning. Throws `not-found`, and as `readArchive`.
 */
export async function openFileTree(path: string, readArchive: ReadArchive): Promise<FileTree> {
  const full = resolve(path);
  const name = basename(full);
  const about = await stat(full).catch((cause: unknown) => {
    const message = `There is no folder or archive ${path}; give the path of a data set's folder, tar or zip.`;
    throw new StudioError('not-found', message, { path }, { cause });
  });
  if (about.isDirectory()) return openFolder(full, name);
  if (!about.isFile()) {
    throw new StudioError(
      'not-found',
      `${path} is neither a folder nor a file; give a data set's folder, tar or zip.`,
      {
        path,
      },
    );
  }
  return readArchive(streamFile(full), name);
}

async function openFolder(root: string, name: string): Promise<FileTree> {
  const files = new Map<string, FileEntry>();
  const problems: Problem[] = [];
  const visit = async (prefix: string): Promise<void> => {
    const entries = await readdir(join(root, prefix), { withFileTypes: true }).catch((cause: unknown) => {
      throw unreadable(join(name, prefix), cause);
    });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const sizes = await Promise.all(
      entries.map((entry) => (entry.isFile() ? stat(join(root, prefix, entry.name)).then(({ size }) => size) : 0)),
    );
    for (const [index, entry] of entries.entries()) {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) await visit(`${path}/`);
      else if (entry.isFile()) files.set(path, fileEntry(join(root, path), path, sizes[index] ?? 0));
      else {
        const kind = entry.isSymbolicLink() ? 'a link' : 'not a regular file';
        problems.push({
          file: path,
          severity: 'warning',
          reason: `It is ${kind}; it was left out. Put the file itself there.`,
        });
      }
    }
  };
  await visit('');
  return { name, files, problems };
}

function fileEntry(full: string, path: string, byteLength: number): FileEntry {
  return {
    byteLength,
    read: async () => {
      try {
        const buffer = await readFile(full);
        return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
      } catch (cause) {
        throw unreadable(path, cause);
      }
    },
  };
}

function unreadable(path: string, cause: unknown): StudioError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StudioError(
    'not-found',
    `${path} cannot be read (${why}); check that it is still there.`,
    { path },
    { cause },
  );
}

function streamFile(path: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 })) as ReadableStream<Uint8Array<ArrayBuffer>>;
}
