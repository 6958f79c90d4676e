import { PROJECT_MANIFEST, PROJECT_NOTE } from '../base/project-format.ts';
import { looksLikeShardIndex, SHARD_INDEX_FILE } from '../base/shard-format.ts';
import type { GivenFile } from '../rpc/protocol.ts';
import { type DroppedKind, HEAD_BYTES, isTar, kindOfFile, TAKEN } from './dropped-file.ts';
import { nameOfGiven } from './import-source.ts';

/** One thing that a person gave: a file, or a folder with all that is in it. */
export type GivenItem =
  | { readonly kind: 'file'; readonly file: File }
  /** Paths begin with the folder's name. */
  | { readonly kind: 'folder'; readonly name: string; readonly files: readonly GivenFile[] };

/** Several files that belong together, with the name that they go by. */
export interface GivenSet {
  readonly name: string;
  readonly files: readonly GivenFile[];
}

/** Where each part of what was given goes. */
export interface SortedDrop {
  /** Archives and folders, imported in one go. */
  readonly dataSet: GivenSet | null;
  readonly weights: GivenSet | null;
  readonly pictures: readonly File[];
  /** Folders of pictures and nothing that labels them. */
  readonly unlabelled: GivenSet | null;
  readonly videos: readonly File[];
  /** A project file; of several the first. */
  readonly project: File | null;
  /** A sentence for each thing that is none of these. */
  readonly refusals: readonly string[];
}

/** The paths in a zip, from its list of files alone; null where that cannot be read. */
export type ListZip = (file: Blob) => Promise<readonly string[] | null>;

type Sorted =
  | { readonly to: 'data' | 'weights'; readonly files: readonly GivenFile[] }
  | { readonly to: 'config'; readonly files: readonly GivenFile[]; readonly reason: string }
  | { readonly to: 'unlabelled'; readonly files: readonly GivenFile[] }
  | { readonly to: 'picture' | 'video' | 'project'; readonly file: File }
  | { readonly to: 'nowhere'; readonly reason: string };

/**
 * Sorts what was dropped, pasted or chosen: data sets, weights, pictures, and sentences for the rest. Files are known by
 * their first bytes, folders and zips by the names in them.
 */
export async function sortDrop(items: readonly GivenItem[], listZip: ListZip): Promise<SortedDrop> {
  const sorted = await Promise.all(
    items.map((item) => (item.kind === 'folder' ? sortFolder(item) : sortFile(item.file, listZip))),
  );
  const filesTo = (to: 'data' | 'weights' | 'config' | 'unlabelled') =>
    sorted.flatMap((part) => (part.to === to && 'files' in part ? part.files : []));
  const data = filesTo('data');
  const bare = filesTo('weights');
  const unlabelled = filesTo('unlabelled');
  // A config goes with the weights that came with it; beside archives another JSON is of no use.
  const weights = bare.length === 0 ? [] : [...bare, ...filesTo('config')];
  const refusals = sorted.flatMap((part) =>
    part.to === 'nowhere' || (part.to === 'config' && bare.length === 0 && data.length === 0) ? [part.reason] : [],
  );
  const projects = sorted.flatMap((part) => (part.to === 'project' ? [part.file] : []));
  return {
    dataSet: data.length === 0 ? null : { name: nameOfGiven(data), files: data },
    weights: weights.length === 0 ? null : { name: nameOfWeights(weights), files: weights },
    pictures: sorted.flatMap((part) => (part.to === 'picture' ? [part.file] : [])),
    unlabelled: unlabelled.length === 0 ? null : { name: nameOfGiven(unlabelled), files: unlabelled },
    videos: sorted.flatMap((part) => (part.to === 'video' ? [part.file] : [])),
    project: projects[0] ?? null,
    refusals: [
      ...refusals,
      ...projects
        .slice(1)
        .map(({ name }) => `"${name}" is a project, and one is opened at a time: drop it once the other is in.`),
    ],
  };
}

async function sortFile(file: File, listZip: ListZip): Promise<Sorted> {
  const head = await headOf(file);
  const found = kindOfFile(file.name, head);
  const files = [{ path: file.name, file }];
  switch (found.kind) {
    case 'picture':
    case 'video':
      return { to: found.kind, file };
    case 'weights':
      return { to: 'weights', files };
    case 'tar':
      return { to: 'data', files };
    case 'gzip':
      return (await holdsTar(file)) ? { to: 'data', files } : nowhere(file.name, 'is gzip, but there is no tar in it');
    case 'zip':
      // A zip that begins so is a project, also where it is cut off and has no list: whoever opens it says so.
      if (new TextDecoder().decode(head.subarray(30, 30 + PROJECT_NOTE.length)) === PROJECT_NOTE) {
        return { to: 'project', file };
      }
      return sortZip(file, await listZip(file));
    case 'json':
      // With its shards, or else to be told which are missing.
      if (looksLikeShardIndex(new TextDecoder().decode(head))) return { to: 'data', files };
      return { to: 'config', files, reason: found.reason };
    default:
      return { to: 'nowhere', reason: found.reason } satisfies Sorted;
  }
}

function sortZip(file: File, paths: readonly string[] | null): Sorted {
  if (paths === null) {
    return nowhere(file.name, 'is a zip archive whose list of files cannot be read: it is cut off or damaged');
  }
  if (paths.some((path) => path.split('/').at(-1) === PROJECT_MANIFEST)) return { to: 'project', file };
  const files = [{ path: file.name, file }];
  const found = lookInside(paths);
  return found === null ? { to: 'nowhere', reason: whatLacks(file.name, 'zip', paths) } : { to: found, files };
}

async function sortFolder({
  name,
  files,
}: {
  readonly name: string;
  readonly files: readonly GivenFile[];
}): Promise<Sorted> {
  const paths = files.map(({ path }) => path);
  const found = lookInside(paths);
  if (found !== null) return { to: found, files };
  const shards = files.filter(({ path }) => ARCHIVE.test(path));
  const heads = await Promise.all(shards.map(async ({ file }) => kindOfFile('', await headOf(file)).kind));
  const archives = shards.filter((_, index) => isArchive(heads[index] ?? 'neither'));
  const indexes = files.filter(({ path }) => path.split('/').at(-1) === SHARD_INDEX_FILE);
  if (archives.length > 0) return { to: 'data', files: [...indexes, ...archives] };
  const pictures = picturesAlone(files);
  if (pictures.length > 0) return { to: 'unlabelled', files: pictures };
  return { to: 'nowhere', reason: whatLacks(name, 'folder', paths) };
}

const PICTURE = /\.(jpe?g|png|webp|gif|bmp)$/i;
/** Beside pictures: a JSON as COCO has it, what names YOLO's classes, or its labels. */
const COCO_OR_YOLO = /\.(json|names)$|(^|\/)(data\.ya?ml|classes\.txt)$|(^|\/)labels\/.+\.txt$/i;
const ARCHIVE = /\.(tar|tar\.gz|tgz|zip)$/i;

/** The pictures of a folder that has nothing which labels them; none of one that has. */
export function picturesAlone(files: readonly GivenFile[]): readonly GivenFile[] {
  if (lookInside(files.map(({ path }) => path)) !== null) return [];
  return files.filter(({ path }) => PICTURE.test(path) && !isLitter(path));
}

/** What a folder or a zip holds, by the names in it. */
function lookInside(paths: readonly string[]): 'data' | 'weights' | null {
  const clean = paths.filter((path) => !isLitter(path));
  if (clean.some((path) => /(^|\/)Annotations\/.+\.xml$/i.test(path))) return 'data';
  if (clean.some((path) => /\.(safetensors|onnx)$/i.test(path))) return 'weights';
  if (clean.some((path) => /\.xml$/i.test(path))) return 'data';
  const isLabelled = clean.some((path) => COCO_OR_YOLO.test(path)) && clean.some((path) => PICTURE.test(path));
  return isLabelled ? 'data' : null;
}

function whatLacks(name: string, what: 'zip' | 'folder', paths: readonly string[]): string {
  const clean = paths.filter((path) => !isLitter(path));
  const pictures = clean.filter((path) => PICTURE.test(path)).length;
  if (clean.length === 0) return `The ${what} "${name}" is empty. ${TAKEN}`;
  if (pictures > 0) {
    const count = pictures === 1 ? '1 picture' : `${pictures} pictures`;
    return (
      `The ${what} "${name}" holds ${count} and no annotations. To be a data set it needs a folder JPEGImages with the ` +
      'pictures and a folder Annotations with a VOC XML for each, or a COCO JSON, or the data.yaml and labels of YOLO; to make a set of unlabelled pictures, unpack it and drop the folder.'
    );
  }
  if (clean.some((path) => /\.(bin|pt|pth|ckpt)$/i.test(path))) {
    return `The ${what} "${name}" holds weights of PyTorch, which are a program and not read here: save them as .safetensors.`;
  }
  if (clean.some((path) => ARCHIVE.test(path))) {
    return `The ${what} "${name}" holds other archives: unpack it, then drop these.`;
  }
  return `The ${what} "${name}" holds neither annotations nor weights nor pictures. ${TAKEN}`;
}

/** What systems leave in folders and archives. */
export function isLitter(path: string): boolean {
  return path.split('/').some((part) => part === '__MACOSX' || part === 'Thumbs.db' || /^\..+/.test(part));
}

function isArchive(kind: DroppedKind['kind']): boolean {
  return kind === 'tar' || kind === 'gzip' || kind === 'zip';
}

async function headOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
}

/** A few kilobytes give at least one block of the tar inside. */
async function holdsTar(file: Blob): Promise<boolean> {
  const reader = file.slice(0, 65_536).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const head = new Uint8Array(HEAD_BYTES);
  let length = 0;
  try {
    while (length < HEAD_BYTES) {
      const { value, done } = await reader.read();
      if (done) break;
      head.set(value.subarray(0, HEAD_BYTES - length), length);
      length += value.byteLength;
    }
  } catch {
    // Damaged or cut where the slice ends: what came out before is judged.
  }
  await reader.cancel().catch(() => {
    // It has failed already.
  });
  return isTar(head);
}

/** What weights go by: their folder, the zip, or the file's own name. */
function nameOfWeights(files: readonly GivenFile[]): string {
  const main = files.find(({ path }) => /\.(safetensors|onnx|zip)$/i.test(path)) ?? files[0];
  const parts = (main?.path ?? '').split('/');
  return (parts.length > 1 ? parts[0] : parts[0]?.replace(/\.(safetensors|onnx|zip)$/i, '')) || 'weights';
}

function nowhere(name: string, found: string): Sorted {
  return { to: 'nowhere', reason: `"${name}" ${found}. ${TAKEN}` };
}
