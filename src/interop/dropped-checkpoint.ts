import { StudioError } from '../base/errors.ts';
import { isZip } from '../data/tar-stream.ts';
import { isFileManagerLitter } from '../data/tree-path.ts';
import type { GivenFile } from '../data/types.ts';
import { blobSource } from './byte-source.ts';
import type { Checkpoint } from './checkpoint-files.ts';
import {
  CONFIG_FILE,
  HALF_WEIGHTS_FILE,
  PREPROCESSOR_FILE,
  WEIGHTS_FILE,
  WEIGHTS_INDEX_FILE,
} from './checkpoint-names.ts';
import { readCheckpointInParts } from './read-in-parts.ts';
import { shardsOfIndex } from './shard-index.ts';

/** More does not fit into one buffer of every browser. */
const MOST_WEIGHTS_BYTES = 2 ** 31 - 1;
const MOST_CONFIG_BYTES = 8 * 2 ** 20;

const TAKEN = 'Drop a .safetensors with its config.json, the folder or a zip of both, or a .safetensors made here.';

/**
 * Reads a checkpoint from what a person gave: a `.safetensors` alone (its config in its metadata), one with its
 * config.json and perhaps preprocessor_config.json, the files of a folder, or a zip of them. Of the two checkpoints of a
 * run's folder it takes the best. `name` is what was given, for messages.
 *
 * Throws `bad-weights`, `bad-config` or `bad-archive`; then nothing of it is loaded.
 */
export async function readDroppedCheckpoint(name: string, given: readonly GivenFile[]): Promise<Checkpoint> {
  const files = (await unpacked(name, given)).filter(({ path }) => !isFileManagerLitter(path));
  const index = files.find(({ path }) => fileOf(path) === WEIGHTS_INDEX_FILE);
  const weights = index === undefined ? [theWeights(name, files)] : await shardsBeside(index, files);
  const first = weights[0] ?? index;
  const folder = folderOf(first?.path ?? '');
  const beside = files.filter(({ path }) => folderOf(path) === folder);
  const [config, preprocessor] = [CONFIG_FILE, PREPROCESSOR_FILE].map((wanted) =>
    beside.find(({ path }) => isNamed(path, wanted)),
  );
  for (const { path, file } of weights) if (file.size > MOST_WEIGHTS_BYTES) throw tooLarge(path);
  return readCheckpointInParts(
    {
      weights: weights.map(({ path, file }) => ({ name: fileOf(path), source: blobSource(file) })),
      ...(config !== undefined && { config: await textOf(config) }),
      ...(preprocessor !== undefined && { preprocessor: await textOf(preprocessor) }),
    },
    fileOf(first?.path ?? name),
  );
}

/** The files that an index names, each of which has to be there. */
async function shardsBeside(index: GivenFile, files: readonly GivenFile[]): Promise<readonly GivenFile[]> {
  return shardsOfIndex(await textOf(index), WEIGHTS_INDEX_FILE).map((shard) => {
    const found = files.find(({ path }) => path === `${folderOf(index.path)}${shard}`);
    if (found !== undefined) return found;
    throw badWeights(`${WEIGHTS_INDEX_FILE} names ${shard}, which was not given with it. Drop the whole folder.`);
  });
}

async function unpacked(name: string, given: readonly GivenFile[]): Promise<readonly GivenFile[]> {
  const [first] = given;
  if (first === undefined) throw badWeights(`"${name}" holds no file. ${TAKEN}`);
  const zips = await Promise.all(
    given.map(async ({ file }) => isZip(new Uint8Array(await file.slice(0, 4).arrayBuffer()))),
  );
  if (!zips.includes(true)) return given;
  if (given.length > 1) {
    const zip = given[zips.indexOf(true)] ?? first;
    throw badWeights(`The zip "${fileOf(zip.path)}" was given together with other files. Drop it alone.`);
  }
  // Fetched when the first zip comes.
  const { unzipFiles } = await import('./zipped-files.ts');
  return unzipFiles(first.file, fileOf(first.path), (path, byteLength) => {
    if (!/\.(safetensors|json)$/i.test(path)) return false;
    if (byteLength > MOST_WEIGHTS_BYTES) throw tooLarge(path);
    return true;
  });
}

/** The one file of weights, or the best of a run. */
function theWeights(name: string, files: readonly GivenFile[]): GivenFile {
  // The optimiser's state lies beside the weights of a run and is read by resuming alone.
  const found = files.filter(({ path }) => /\.safetensors$/i.test(path) && fileOf(path) !== 'optimizer.safetensors');
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  // An export may have the same weights in half precision beside.
  const full = found.filter(({ path }) => fileOf(path) === WEIGHTS_FILE);
  const halves = found.filter(({ path }) => fileOf(path) === HALF_WEIGHTS_FILE);
  if (full.length === 1 && full[0] !== undefined && full.length + halves.length === found.length) return full[0];
  const ofRun = found.filter(({ path }) => /(^|\/)best\/[^/]+$/.test(path));
  const [best] = ofRun;
  if (best !== undefined && found.every((other) => other === best || /(^|\/)last\/[^/]+$/.test(other.path))) {
    return best;
  }
  if (found.length > 1) {
    const names = found.slice(0, 3).map(({ path }) => `"${path}"`);
    const more = found.length > names.length ? ' and more' : '';
    throw badWeights(
      `"${name}" holds ${found.length} files of weights (${names.join(', ')}${more}), and one was expected. ` +
        'Drop the one that is meant, with its own config.json.',
    );
  }
  throw badWeights(`"${name}" ${whatInstead(files)} ${TAKEN}`);
}

function whatInstead(files: readonly GivenFile[]): string {
  const [only] = files;
  const named = (ending: RegExp) => files.some(({ path }) => ending.test(path));
  if (named(/\.(bin|pt|pth|ckpt)$/i)) {
    return 'holds weights of PyTorch alone, which are a program and are not read: save them as .safetensors.';
  }
  if (named(/\.onnx$/i))
    return 'holds an ONNX model alone, which the Predict room runs, but which cannot be trained or evaluated.';
  if (only !== undefined && files.length === 1 && isNamed(only.path, CONFIG_FILE)) {
    return 'is a config without its weights.';
  }
  return 'holds no .safetensors file.';
}

async function textOf({ path, file }: GivenFile): Promise<string> {
  if (file.size > MOST_CONFIG_BYTES) {
    const found = `${fileOf(path)} is ${file.size} bytes long; a config has a few thousand.`;
    throw new StudioError('bad-config', `${found} Take the config.json of the same checkpoint.`, { file: path });
  }
  return file.text();
}

/** Also as a browser names it that has a file of this name already: `config (1).json`. */
function isNamed(path: string, wanted: string): boolean {
  return fileOf(path).replace(/ ?\(\d+\)(?=\.json$)/, '') === wanted;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function tooLarge(path: string): StudioError {
  return badWeights(`${fileOf(path)} is larger than 2 GiB, more than a page can hold. Take a smaller model.`);
}

function badWeights(message: string): StudioError {
  return new StudioError('bad-weights', message);
}
