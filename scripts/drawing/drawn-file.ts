import { mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { isAddress } from '../sources/read-picture.ts';
import type { DrawnFormat } from './draw-boxes.ts';

const MAX_STEM = 120;

/** Where the drawn pictures of one command go: each under its own name, none over another. */
export class DrawnFiles {
  readonly #taken = new Set<string>();

  private constructor(
    private readonly folder: string,
    private readonly force: boolean,
    /** The pictures themselves, which nothing may overwrite. */
    private readonly inputs: ReadonlySet<string>,
  ) {}

  /** Makes the folder where it is missing. Throws `storage` where that is not possible. */
  static async open(folder: string, force: boolean, images: readonly string[]): Promise<DrawnFiles> {
    await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `The output folder ${folder} cannot be made (${why}); expected a folder, or a free name for one. Choose another --out.`;
      throw new StudioError('storage', message, { folder }, { cause });
    });
    const paths = images.filter((image) => !isAddress(image)).map((image) => realpath(image).catch(() => image));
    return new DrawnFiles(folder, force, new Set(await Promise.all(paths)));
  }

  /**
   * The path for the drawn picture of `image`: its own name, with a number where another picture of this command has taken
   * it. Throws `storage` where a file is there already that may not be overwritten.
   */
  async pathFor(image: string, format: DrawnFormat): Promise<string> {
    const stem = stemOf(image);
    let name = `${stem}.${format}`;
    for (let n = 2; this.#taken.has(name.toLowerCase()); n++) name = `${stem}-${n}.${format}`;
    this.#taken.add(name.toLowerCase());
    const path = join(this.folder, name);
    const there = await stat(path).then(
      () => true,
      () => false,
    );
    if (!there) return path;
    if (this.inputs.has(await realpath(path))) {
      throw refusal(path, 'is the picture itself; expected another folder. Choose another --out.');
    }
    if (!this.force) throw refusal(path, THERE_ALREADY);
    return path;
  }

  /** Writes a file, and never over one that has come there meanwhile. Throws `storage`. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    await writeFile(path, bytes, { flag: this.force ? 'w' : 'wx' }).catch((cause: NodeJS.ErrnoException) => {
      const text =
        cause.code === 'EEXIST'
          ? THERE_ALREADY
          : `could not be written (${cause.message}); check the folder and its rights.`;
      throw refusal(path, text, cause);
    });
  }
}

const THERE_ALREADY = 'is there already; expected a free name. Choose another --out, or say --force to write over it.';

function stemOf(image: string): string {
  const name = isAddress(image) ? lastSegment(image) : basename(image);
  const stem = name
    .replace(/\.[^.]*$/, '')
    .replace(/[\p{Cc}<>:"/\\|?*]+/gu, '-')
    .replace(/^[.\s-]+/, '')
    .slice(0, MAX_STEM);
  return stem || 'picture';
}

function lastSegment(address: string): string {
  const segment = new URL(address).pathname.split('/').findLast((part) => part !== '') ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray per cent sign: the name as it stands is as good
  }
}

function refusal(path: string, text: string, cause?: unknown): StudioError {
  return new StudioError('storage', `${path} ${text}`, { path }, { cause });
}
