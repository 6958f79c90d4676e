import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { hash32 } from '../../src/base/hash.ts';
import { hubNameText } from '../../src/base/hub-models.ts';
import { defaultPreprocessorFile } from '../../src/data/preprocessor-config.ts';
import { ARCHITECTURES, architectureConfig } from '../../src/detr/architectures.ts';
import type { Checkpoint } from '../../src/interop/checkpoint-files.ts';
import {
  CONFIG_FILE,
  PREPROCESSOR_FILE,
  WEIGHTS_FILE,
  WEIGHTS_INDEX_FILE,
} from '../../src/interop/checkpoint-names.ts';
import { openHubModel } from '../../src/interop/hub-kept.ts';
import { readCheckpointInParts, type WeightsPart } from '../../src/interop/read-in-parts.ts';
import { shardsOfIndex } from '../../src/interop/shard-index.ts';
import { readPart } from '../../src/platform/node/read-part.ts';
import { isMissing, isThere, unreadableFile } from '../cli/input-file.ts';
import { refuseUsage } from '../cli/run-command.ts';
import { TINY_CHECKPOINT } from './bundled.ts';
import { type HubAccess, hubNameOf, keptHubModel } from './hub-model.ts';

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Where it was found, for messages. */
  readonly path: string;
}

const RANDOM = 'random:';

/** Where weights lie in a folder. A run that was killed while it replaced a checkpoint has the `.old` one alone. */
const CANDIDATES = ['.', 'best', 'best.old', 'last', 'last.old'] as const;

/**
 * Opens weights: a checkpoint's folder, a run's folder (its best checkpoint, else its last), a `.safetensors` with its
 * config.json beside it or in its metadata, "tiny" for the bundled one, or a model of the hub by `owner/name`,
 * `owner/name@revision` or its short name, which is fetched where it is not kept. What lies at a path goes before the hub.
 *
 * Throws `not-found` (also for what can't be read), `bad-weights`, `bad-config`, and for the hub `network`, `storage`.
 */
export async function openCheckpoint(weights: string, hub: HubAccess = {}): Promise<OpenedCheckpoint> {
  const isShort = ARCHITECTURES.some((name) => name === weights);
  const name = isShort || !(await isThere(weights)) ? await hubNameOf(weights) : null;
  if (name !== null) {
    const model = hubNameText(name);
    return { checkpoint: await openHubModel(await keptHubModel(name, hub), model), path: model };
  }
  if (hub.mirror !== undefined) {
    refuseUsage(`Found --mirror with ${weights}, which is no model of a hub; expected owner/name. Leave --mirror out.`);
  }
  return openFiles(await weightsPath(weights === 'tiny' ? TINY_CHECKPOINT : weights));
}

async function openFiles(path: string): Promise<OpenedCheckpoint> {
  const folder = dirname(path);
  const [config, preprocessor] = await Promise.all([
    readIfThere(join(folder, CONFIG_FILE)),
    readIfThere(join(folder, PREPROCESSOR_FILE)),
  ]);
  const names = path.endsWith(WEIGHTS_INDEX_FILE)
    ? shardsOfIndex((await readIfThere(path)) ?? '', basename(path))
    : [basename(path)];
  const weights = await Promise.all(names.map((name) => fileAt(folder, name)));
  const checkpoint = await readCheckpointInParts(
    { weights, ...(config !== undefined && { config }), ...(preprocessor !== undefined && { preprocessor }) },
    basename(path),
  );
  return { checkpoint, path };
}

async function fileAt(folder: string, name: string): Promise<WeightsPart> {
  const path = join(folder, name);
  const unreadable = (cause: unknown): never => {
    throw cause instanceof StudioError ? cause : unreadableFile(path, cause);
  };
  const { size } = await stat(path).catch(unreadable);
  return {
    name,
    source: { byteLength: size, read: (begin, end) => readPart(path, begin, end).catch(unreadable) },
  };
}

/** What `--model` names: as `openCheckpoint`, or `random:ARCHITECTURE` with seeded random weights. */
export async function openModel(model: string, seed: number, hub: HubAccess = {}): Promise<OpenedCheckpoint> {
  if (!model.startsWith(RANDOM)) return openCheckpoint(model, hub);
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
      `There are no weights at ${path}; expected a checkpoint's folder, a run's folder, a .safetensors file, or a model of the hub as owner/name.`,
      { path },
      { cause },
    );
  });
  if (about.isFile()) return path;
  for (const candidate of CANDIDATES) {
    for (const name of [WEIGHTS_FILE, WEIGHTS_INDEX_FILE]) {
      const file = join(path, candidate, name);
      if (await hasFile(file)) return file;
    }
  }
  if (await hasFile(join(path, 'pytorch_model.bin'))) {
    throw new StudioError(
      'bad-weights',
      `The folder ${path} has pytorch_model.bin and no ${WEIGHTS_FILE}; weights of PyTorch are a program and are not read. Load it once with transformers and save it with save_pretrained, which writes ${WEIGHTS_FILE}.`,
      { path },
    );
  }
  throw new StudioError(
    'not-found',
    `The folder ${path} has no ${WEIGHTS_FILE}; expected a checkpoint's folder, or a run's with best/ or last/ in it.`,
    { path },
  );
}

/** Whether a file lies there. Throws `not-found` where the file system does not say. */
async function hasFile(path: string): Promise<boolean> {
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
