import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { hash32 } from '../../src/base/hash.ts';
import { defaultPreprocessorFile } from '../../src/data/preprocessor-config.ts';
import { ARCHITECTURES, architectureConfig } from '../../src/detr/architectures.ts';
import { type Checkpoint, readCheckpoint } from '../../src/interop/checkpoint-files.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE } from '../../src/interop/checkpoint-names.ts';
import { isMissing, unreadableFile } from '../cli/input-file.ts';
import { refuseUsage } from '../cli/run-command.ts';
import { TINY_CHECKPOINT } from './bundled.ts';

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Where it was found, for messages. */
  readonly path: string;
}

const RANDOM = 'random:';

/** Where weights lie in a folder. A run that was killed while it replaced a checkpoint has the `.old` one alone. */
const CANDIDATES = ['.', 'best', 'best.old', 'last', 'last.old'] as const;

/**
 * Opens weights by path: a checkpoint's folder, a run's folder (its best checkpoint, else its last), or a `.safetensors`
 * with its config.json beside it or in its metadata. "tiny" is the bundled one. Throws `not-found` (also for what can't be
 * read), `bad-weights`, `bad-config`.
 */
export async function openCheckpoint(weights: string): Promise<OpenedCheckpoint> {
  const path = await weightsPath(weights === 'tiny' ? TINY_CHECKPOINT : weights);
  const folder = dirname(path);
  const [bytes, config, preprocessor] = await Promise.all([
    readFile(path).catch((cause: unknown) => {
      throw unreadableFile(path, cause);
    }),
    readIfThere(join(folder, CONFIG_FILE)),
    readIfThere(join(folder, PREPROCESSOR_FILE)),
  ]);
  const checkpoint = readCheckpoint(
    {
      weights: bytes,
      ...(config !== undefined && { config }),
      ...(preprocessor !== undefined && { preprocessor }),
    },
    basename(path),
  );
  return { checkpoint, path };
}

/** What `--model` names: as `openCheckpoint`, or `random:ARCHITECTURE` with seeded random weights. */
export async function openModel(model: string, seed: number): Promise<OpenedCheckpoint> {
  if (!model.startsWith(RANDOM)) {
    if (ARCHITECTURES.some((name) => name === model)) {
      refuseUsage(
        `--model ${model}: downloading from the hub is not there yet; expected a folder with the checkpoint, tiny, or ${RANDOM}${model}.`,
      );
    }
    return openCheckpoint(model);
  }
  const name = model.slice(RANDOM.length);
  // It brings TensorFlow.js along, which weights from a file do not need.
  const { randomParameters } = await import('../../src/detr/init.ts');
  const drawn = hash32(seed, 0);
  if (name === 'tiny') {
    const { checkpoint } = await openCheckpoint('tiny');
    const weights = { ...checkpoint.weights, values: randomParameters(checkpoint.config, drawn) };
    return { checkpoint: { ...checkpoint, weights }, path: model };
  }
  const architecture = ARCHITECTURES.find((known) => known === name);
  if (!architecture) {
    refuseUsage(`--model ${model}: expected ${RANDOM} with one of tiny, ${ARCHITECTURES.join(', ')}.`);
  }
  const config = architectureConfig(architecture, ['object']);
  const weights = { values: randomParameters(config, drawn), form: 'timm' } as const;
  return { checkpoint: { config, preprocessor: defaultPreprocessorFile(), weights }, path: model };
}

async function weightsPath(path: string): Promise<string> {
  const about = await stat(path).catch((cause: unknown) => {
    if (!isMissing(cause)) throw unreadableFile(path, cause);
    throw new StudioError(
      'not-found',
      `There are no weights at ${path}; expected a checkpoint's folder, a run's folder, or a .safetensors file.`,
      { path },
      { cause },
    );
  });
  if (about.isFile()) return path;
  for (const candidate of CANDIDATES) {
    const file = join(path, candidate, WEIGHTS_FILE);
    if (await isFile(file)) return file;
  }
  throw new StudioError(
    'not-found',
    `The folder ${path} has no ${WEIGHTS_FILE}; expected a checkpoint's folder, or a run's with best/ or last/ in it.`,
    { path },
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isFile(),
    (cause: unknown) => {
      if (!isMissing(cause)) throw unreadableFile(path, cause);
      return false;
    },
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    if (!isMissing(cause)) throw unreadableFile(path, cause);
    return undefined;
  });
}
