import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { folderName } from '../../src/data/export-voc.ts';
import type { ShardSource } from '../../src/data/make-shards.ts';
import type { Problem, SourceEntry } from '../../src/data/types.ts';
import { openFileTree } from '../../src/platform/node/file-tree.ts';
import { refuseUsage } from '../cli/run-command.ts';
import { SAMPLE_DATA } from '../sources/bundled.ts';
import {
  archiveEntries,
  type ByteSource,
  fetchedArchive,
  localArchive,
  type ReadingProgress,
} from './archive-bytes.ts';
import { KNOWN_SETS, onMirror } from './known-sets.ts';

/** What `npm run data` was told to make a set from. */
export interface NamedSource {
  /** The folder's name under data/processed. */
  readonly name: string;
  /** The same for the same source. */
  readonly identity: string;
  open(ports: SourcePorts): Opened;
}

export interface SourcePorts {
  /** Where what is fetched is kept. */
  readonly rawFolder: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface Opened {
  readonly source: ShardSource;
  readonly progress: ReadingProgress;
  /** What it does first: "fetching" or "reading". */
  readonly label: string;
}

const FINGERPRINT_PIECES = 32;
const FINGERPRINT_BYTES = 1 << 16;

/** Finds out what a name, a path or an address stands for. Throws `not-found`, `usage`. */
export async function nameSource(what: string, mirror: string | undefined): Promise<NamedSource> {
  if (mirror !== undefined && !isAddress(mirror)) {
    refuseUsage(
      `--mirror ${mirror}: expected the http(s) address of a folder that has the archive, or of the archive.`,
    );
  }
  const known = Object.hasOwn(KNOWN_SETS, what) ? KNOWN_SETS[what] : undefined;
  if (known !== undefined) {
    const archives = known.map(({ file, address, md5 }) => ({
      name: file,
      md5,
      address: mirror === undefined ? address : onMirror(mirror, file),
    }));
    return { name: what, identity: what, open: (ports) => openAddresses(what, archives, ports) };
  }
  if (mirror !== undefined) {
    refuseUsage(
      `Found --mirror with ${what}; a mirror is for ${Object.keys(KNOWN_SETS).join(' and ')}, which are named by no address.`,
    );
  }
  if (isAddress(what)) {
    const name = fileNameOf(what);
    const archives = [{ name, md5: null, address: what }];
    return {
      name: folderName(name),
      identity: `address ${plain(what)}`,
      open: (ports) => openAddresses(name, archives, ports),
    };
  }
  return namePath(what === 'sample' ? SAMPLE_DATA : what);
}

async function namePath(path: string): Promise<NamedSource> {
  const full = resolve(path);
  const about = await stat(full).catch((cause: unknown) => {
    const message = `There is no file or folder ${path}; expected ${Object.keys(KNOWN_SETS).join(', ')}, sample, a path or an address.`;
    throw new StudioError('not-found', message, { path }, { cause });
  });
  const name = basename(full);
  if (about.isDirectory()) return nameFolder(full, name);
  const archive = localArchive(full, name);
  return {
    name: folderName(name),
    identity: `file ${name} ${await fingerprint(full, about.size)}`,
    open: () => openArchives(name, [archive], 'reading', about.size),
  };
}

/** Tells two files apart without reading them: by size, and by pieces of them. */
async function fingerprint(path: string, size: number): Promise<string> {
  const hash = createHash('sha256').update(String(size));
  const file = await open(path);
  try {
    const piece = Buffer.alloc(FINGERPRINT_BYTES);
    for (let i = 0; i < FINGERPRINT_PIECES; i += 1) {
      const { bytesRead } = await file.read(piece, 0, FINGERPRINT_BYTES, Math.floor((size * i) / FINGERPRINT_PIECES));
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function nameFolder(full: string, name: string): Promise<NamedSource> {
  const tree = await openFileTree(full, () => Promise.reject(new Error('A folder is no archive.')));
  const files = [...tree.files];
  const hash = createHash('sha256');
  for (const [path, { byteLength }] of files) hash.update(JSON.stringify([path, byteLength]));
  const bytesTotal = files.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  return {
    name: folderName(name),
    identity: `folder ${name} ${hash.digest('hex')}`,
    open() {
      const progress: ReadingProgress = { bytesDone: 0, bytesTotal, md5: new Map() };
      return {
        label: 'reading',
        progress,
        source: {
          name,
          async *entries(problems: Problem[]) {
            progress.bytesDone = 0;
            problems.push(...tree.problems);
            for (const [path, { byteLength, read }] of files) {
              yield { path, byteLength, read: async () => new Uint8Array(await read()) } satisfies SourceEntry;
              progress.bytesDone += byteLength;
            }
          },
          files: () => [{ name, byteLength: bytesTotal, md5: null }],
        },
      };
    },
  };
}

interface Addressed {
  readonly name: string;
  readonly address: string;
  readonly md5: string | null;
}

function openAddresses(name: string, archives: readonly Addressed[], { rawFolder, ...ports }: SourcePorts): Opened {
  const lengths = new Map<string, number | null>();
  const fetched = archives.map((archive) =>
    fetchedArchive({
      ...archive,
      ...ports,
      path: join(rawFolder, archive.name),
      onLength(byteLength) {
        lengths.set(archive.name, byteLength);
        const known = archives.map((each) => lengths.get(each.name) ?? null);
        opened.progress.bytesTotal = known.reduce<number | null>(
          (sum, each) => (sum === null || each === null ? null : sum + each),
          0,
        );
      },
    }),
  );
  const opened = openArchives(name, fetched, 'fetching', null);
  return opened;
}

function openArchives(name: string, archives: readonly ByteSource[], label: string, bytesTotal: number | null): Opened {
  const progress: ReadingProgress = { bytesDone: 0, bytesTotal, md5: new Map() };
  const sizes = new Map<string, number>();
  return {
    label,
    progress,
    source: {
      name,
      async *entries(problems) {
        progress.bytesDone = 0;
        for (const archive of archives) {
          const before = progress.bytesDone;
          yield* archiveEntries(archive, problems, progress);
          sizes.set(archive.name, progress.bytesDone - before);
        }
      },
      files: () =>
        archives.map((archive) => ({
          name: archive.name,
          byteLength: sizes.get(archive.name) ?? 0,
          md5: progress.md5.get(archive.name) ?? null,
        })),
    },
  };
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function plain(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}${url.search}`;
}

/** The last part of an address as a file's name, with nothing in it that leads elsewhere. */
function fileNameOf(address: string): string {
  const { pathname } = new URL(address);
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  const name = decodeSafely(last)
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^\.+/, '');
  return name === '' ? 'archive' : name.slice(-120);
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}
