import type { z } from 'zod';
import { StudioError } from '../base/errors.ts';
import { PROJECT_FORMAT, PROJECT_MANIFEST } from '../base/project-format.ts';
import { sha256Hex } from '../data/sha256.ts';
import type { Problem } from '../data/types.ts';
import { readZipEntries, type ZipSourceEntry } from '../data/zip-entries.ts';
import { manifestSchema, PROJECT_VERSION, type ProjectManifest, type ProjectPart } from './format.ts';

/** A part is held in memory whole: a chunk of weights has 32 MiB, the document of a set of 100,000 pictures about 100 MB. */
const MAX_PART_BYTES = 512 * 2 ** 20;

/** A project file whose list and manifest agree. */
export interface OpenedProject {
  readonly name: string;
  readonly manifest: ProjectManifest;
  readonly parts: ReadonlyMap<string, ProjectPart>;
  /** The bytes of a part, of the size and sha256 that the manifest states. Throws `bad-archive` where they are not. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A part that is JSON, as this schema has it. Throws `bad-archive`. */
  readJson<T>(path: string, schema: z.ZodType<T>): Promise<T>;
}

/**
 * Opens a project file: reads its list, which stands at the end, and its manifest. It may have been unpacked and packed again, in
 * a folder or not. Throws `bad-archive` where it is cut off, of a later version, or holds anything else than its manifest says.
 */
export async function openProject(file: Blob, name: string): Promise<OpenedProject> {
  const entries = await listed(file, name);
  const manifests = [...entries.keys()].filter((path) => path.split('/').at(-1) === PROJECT_MANIFEST);
  const [manifestPath] = manifests;
  if (manifestPath === undefined || manifests.length > 1) {
    const found = manifests.length === 0 ? 'has no' : 'has more than one';
    throw refusal(
      name,
      `${found} ${PROJECT_MANIFEST}, which lists a project's parts. Choose a file that "Save project" has made.`,
    );
  }
  const manifest = await readManifest(entries.get(manifestPath), name);
  const folder = manifestPath.slice(0, -PROJECT_MANIFEST.length);
  const parts = new Map(manifest.parts.map((part) => [part.path, part]));
  if (parts.size < manifest.parts.length) throw lies(name, 'lists a part twice');
  const stray = [...entries.keys()].find(
    (path) => path !== manifestPath && !(path.startsWith(folder) && parts.has(path.slice(folder.length))),
  );
  if (stray !== undefined) {
    throw refusal(
      name,
      `holds "${stray}", which its manifest does not list. Nothing was added; save the project again.`,
    );
  }
  for (const { path, byteLength } of manifest.parts) {
    const entry = entries.get(folder + path);
    if (entry === undefined) throw lies(name, `lists "${path}", which is not there`);
    if (entry.byteLength !== byteLength) {
      throw lies(name, `gives "${path}" ${byteLength} bytes, and it has ${entry.byteLength}`);
    }
    if (byteLength > MAX_PART_BYTES)
      throw lies(name, `has a part of ${byteLength} bytes, "${path}"; at most ${MAX_PART_BYTES} are read`);
  }

  const read = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const [part, entry] = [parts.get(path), entries.get(folder + path)];
    if (part === undefined || entry === undefined) throw lies(name, `does not list "${path}", which belongs to it`);
    const bytes = await entry.read();
    if (bytes.byteLength === part.byteLength && (await sha256Hex(bytes)) === part.sha256) return bytes;
    throw refusal(name, `was changed at "${path}": its sha256 is not the one that the manifest has. ${AGAIN}`);
  };
  return {
    name,
    manifest,
    parts,
    read,
    readJson: async (path, schema) => parsed(textOf(await read(path), path, name), path, schema, name),
  };
}

const AGAIN = 'Nothing was added; copy or fetch the file again, or save the project again.';

async function listed(file: Blob, name: string): Promise<ReadonlyMap<string, ZipSourceEntry>> {
  const entries = new Map<string, ZipSourceEntry>();
  const problems: Problem[] = [];
  try {
    for await (const entry of readZipEntries(file, name, { maxBytes: Number.MAX_SAFE_INTEGER, problems })) {
      if (entries.has(entry.path)) throw refusal(name, `holds "${entry.path}" twice. ${AGAIN}`);
      if (entry.path.split('/').includes('__proto__')) throw unsafe(name, entry.path);
      entries.set(entry.path, entry);
    }
  } catch (thrown) {
    // A zip's list stands at its end: what is cut off has none.
    if (thrown instanceof StudioError && /cut off/.test(thrown.message)) {
      throw refusal(
        name,
        `is cut off or damaged: the list at its end is not there or cannot be read. ${AGAIN}`,
        thrown,
      );
    }
    throw thrown;
  }
  const [bad] = problems;
  if (bad !== undefined) throw unsafe(name, bad.file);
  return entries;
}

async function readManifest(entry: ZipSourceEntry | undefined, name: string): Promise<ProjectManifest> {
  if (entry === undefined || entry.byteLength > MAX_PART_BYTES) throw lies(name, 'is too large');
  const value = json(textOf(await entry.read(), PROJECT_MANIFEST, name), PROJECT_MANIFEST, name);
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== PROJECT_FORMAT) {
    throw lies(name, `does not begin with the format "${PROJECT_FORMAT}"`);
  }
  if ('version' in value && typeof value.version === 'number' && value.version > PROJECT_VERSION) {
    const message = `is of version ${value.version}, and this studio reads version ${PROJECT_VERSION}: a newer studio has made it. Reload this page to have the newest one, then open it again.`;
    throw refusal(name, message);
  }
  return checked(value, PROJECT_MANIFEST, manifestSchema, name);
}

/** Checks a text that is JSON against a schema. Throws `bad-archive`. */
function parsed<T>(text: string, path: string, schema: z.ZodType<T>, name: string): T {
  return checked(json(text, path, name), path, schema, name);
}

/** A value that is as a schema has it, itself and whole. Throws `bad-archive` with the place where it does not fit. */
export function checked<T>(value: unknown, path: string, schema: z.ZodType<T>, name: string): T {
  const found = schema.safeParse(value);
  // Not the parsed one, whose keys stand in another order and which lacks what only other versions know.
  if (found.success) return value as T;
  const [issue] = found.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? 'its top' : issue.path.map(String).join('.');
  throw refusal(
    name,
    `has a part that is not as a project's are: "${path}" at ${at} (${issue?.message ?? 'wrong'}). Save it again.`,
  );
}

function json(text: string, path: string, name: string): unknown {
  // As a key it would change what objects have.
  if (/__proto__|\\u005f/i.test(text)) throw unsafe(name, `__proto__" in "${path}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refusal(name, `has a part that is no JSON: "${path}". ${AGAIN}`, cause);
  }
}

/** Text in UTF-8. Throws `bad-archive`. */
export function textOf(bytes: Uint8Array<ArrayBuffer>, path: string, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refusal(name, `has a part that is no UTF-8: "${path}". ${AGAIN}`, cause);
  }
}

/** What is wrong with a project file, as the end of a sentence that begins with its name. */
export function refusal(name: string, found: string, cause?: unknown): StudioError {
  return new StudioError('bad-archive', `The project file ${name} ${found}`, { name }, { cause });
}

/** As `refusal`, of its manifest. */
export function lies(name: string, found: string): StudioError {
  return refusal(
    name,
    `does not hold what it should: its manifest ${found}. Nothing was added; save the project again.`,
  );
}

function unsafe(name: string, path: string): StudioError {
  return refusal(
    name,
    `holds a name that no project has, "${path}". It was not made by the studio, and nothing of it was added.`,
  );
}
