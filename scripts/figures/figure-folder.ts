import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { StudioError } from '../../src/base/errors.ts';
import { ifMissing } from '../../src/platform/node/if-missing.ts';
import { CHECK_FIGURES, DATA_FIGURES, type Figure, RUN_FIGURES } from './figure.ts';

export const REPORT_FILE = 'report.md';
/** What was written here and from what, with each file's sha256: so that nothing else is ever written over. */
const MANIFEST_FILE = 'report.json';
const WRITING = '.writing';
/** Dots an inch that make two pixels of one of the SVG's. */
const DENSITY = 144;

/** What a check has found, for programs. */
export const FINDINGS_FILE = 'findings.json';

const manifestSchema = z.object({
  madeBy: z.enum(['npm run visualize', 'npm run check']),
  source: z.string(),
  files: z.record(z.string().regex(/^[a-z-]+\.(svg|png|md|json)$/), z.string()),
});
type Manifest = z.infer<typeof manifestSchema>;

/** The names that a report may take in its folder. */
const NAMES: readonly string[] = [
  MANIFEST_FILE,
  REPORT_FILE,
  FINDINGS_FILE,
  ...[...RUN_FIGURES, ...DATA_FIGURES, ...CHECK_FIGURES].flatMap((name) => [`${name}.svg`, `${name}.png`]),
];

/** The option that names the folder; it is named in what is refused. */
type FolderOption = '--out' | '--report';

/** A folder that holds one report: its page, and its figures as SVG and PNG. */
export class FigureFolder {
  private constructor(
    private readonly folder: string,
    /** Files of an earlier report that are as it wrote them. */
    private readonly earlier: ReadonlySet<string>,
    /** What the report that is there shows; null where there is none. */
    readonly earlierSource: string | null,
    private readonly option: FolderOption,
  ) {}

  /**
   * Looks at the folder, and makes nothing yet. An earlier report's files may be replaced as long as nobody has changed them.
   * Throws `storage` where another file has one of the names of a report, unless `force` is given.
   */
  static async open(folder: string, force: boolean, option: FolderOption = '--out'): Promise<FigureFolder> {
    const manifest = await readManifest(folder, option);
    const earlier = new Set<string>();
    for (const name of NAMES) {
      const path = join(folder, name);
      const about = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return null;
        throw new StudioError(
          'storage',
          `${path} can't be used (${cause.message}). Choose another ${option}.`,
          {},
          { cause },
        );
      });
      if (about === null) continue;
      const ours =
        name === MANIFEST_FILE
          ? manifest !== null
          : about.isFile() && sha256(await readFile(path)) === manifest?.files[name];
      if (ours) earlier.add(name);
      else if (!force || about.isDirectory()) throw notOurs(path, manifest !== null, about.isDirectory(), option);
    }
    return new FigureFolder(folder, earlier, manifest?.source ?? null, option);
  }

  /**
   * Writes a report in place of the earlier one, of which nothing stays, and returns the files' paths. Each file is
   * whole or not there. `findings` is the JSON of a check's. Throws `storage` where the disk refuses.
   */
  async write(
    source: string,
    figures: readonly Figure[],
    page: string,
    findings: string | null = null,
  ): Promise<readonly string[]> {
    const contents = new Map<string, Buffer>([[REPORT_FILE, Buffer.from(page)]]);
    if (findings !== null) contents.set(FINDINGS_FILE, Buffer.from(findings));
    for (const { name, svg } of figures) {
      contents.set(`${name}.svg`, Buffer.from(svg));
      contents.set(`${name}.png`, await pngOf(svg));
    }
    const files = Object.fromEntries([...contents].map(([name, bytes]) => [name, sha256(bytes)]));
    const manifest: Manifest = { madeBy: findings === null ? 'npm run visualize' : 'npm run check', source, files };
    try {
      await mkdir(this.folder, { recursive: true });
      for (const name of this.earlier) await rm(join(this.folder, name));
      // It goes first: killed in between, a file that it names is either as it says or not there.
      await this.#put(MANIFEST_FILE, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
      for (const [name, bytes] of contents) await this.#put(name, bytes);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `The figures could not be written to ${this.folder} (${why}); expected a folder, or a free name for one. Choose another ${this.option}, or check its rights.`;
      throw new StudioError('storage', message, { folder: this.folder }, { cause });
    }
    return [...contents.keys()].map((name) => join(this.folder, name));
  }

  async #put(name: string, bytes: Buffer): Promise<void> {
    const path = join(this.folder, name);
    await writeFile(path + WRITING, bytes);
    await rename(path + WRITING, path);
  }
}

/** What librsvg draws of an SVG, at two pixels for one, in 256 colours: enough for lines, and for photographs of this size. */
function pngOf(svg: string): Promise<Buffer> {
  return sharp(Buffer.from(svg), { density: DENSITY }).png({ palette: true }).toBuffer();
}

async function readManifest(folder: string, option: FolderOption): Promise<Manifest | null> {
  const path = join(folder, MANIFEST_FILE);
  const text = await readFile(path, 'utf8')
    .catch(ifMissing(null))
    .catch((cause: NodeJS.ErrnoException) => {
      throw new StudioError(
        'storage',
        `${path} can't be read (${cause.message}). Choose another ${option}.`,
        {},
        { cause },
      );
    });
  try {
    return text === null ? null : (manifestSchema.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    return null; // somebody else's
  }
}

function notOurs(path: string, reported: boolean, isFolder: boolean, option: FolderOption): StudioError {
  const found = isFolder
    ? 'is a folder'
    : reported
      ? 'was changed since the figures were drawn, or comes from elsewhere'
      : 'is there already, and no earlier report wrote it';
  const advice = `Choose another ${option}${isFolder ? '.' : option === '--out' ? ', or say --force to write over it.' : ', or move the file.'}`;
  return new StudioError('storage', `${path} ${found}; expected a free name. ${advice}`, { path });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
