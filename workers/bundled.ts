import { StudioError } from '../src/base/errors.ts';
import { readTarTree } from '../src/data/tar-tree.ts';
import type { DataSet } from '../src/data/types.ts';
import { readVocDataSet } from '../src/data/voc-data-set.ts';
import {
  type Checkpoint,
  CONFIG_FILE,
  PREPROCESSOR_FILE,
  readCheckpoint,
  WEIGHTS_FILE,
} from '../src/interop/checkpoint-files.ts';
import { fetchFileTree } from '../src/platform/browser/file-tree.ts';

/** The address of a file below `public/`, wherever the studio is served: workers lie one folder down in a build. */
function bundledAddress(path: string): string {
  return new URL(`${import.meta.env.DEV ? '/' : '../'}${path}`, globalThis.location.href).href;
}

async function bundledBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(bundledAddress(path)).catch((cause: unknown) => {
    throw new StudioError(
      'network',
      `${path} cannot be fetched; check the connection to this site.`,
      { path },
      { cause },
    );
  });
  if (!response.ok) {
    const message = `${path} cannot be fetched: the server answered ${response.status}; the site lacks a file of the studio.`;
    throw new StudioError('network', message, { path, status: response.status });
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** Fetches and reads the tiny pretrained checkpoint. Throws `network`. */
export async function bundledCheckpoint(): Promise<Checkpoint> {
  const [weights, config, preprocessor] = await Promise.all(
    [WEIGHTS_FILE, CONFIG_FILE, PREPROCESSOR_FILE].map((file) => bundledBytes(`sample/tiny-detr-emoji/${file}`)),
  );
  if (weights === undefined || config === undefined || preprocessor === undefined) {
    throw new StudioError('internal', 'A file of the bundled checkpoint is missing.');
  }
  const text = new TextDecoder();
  const files = { weights, config: text.decode(config), preprocessor: text.decode(preprocessor) };
  return readCheckpoint(files, 'tiny, pretrained');
}

/** Fetches and reads the sample data set. Throws `network`, `bad-archive`, `bad-data-set`. */
export async function bundledDataSet(): Promise<DataSet> {
  return readVocDataSet(await fetchFileTree(bundledAddress('sample/emoji-scenes.tar'), 'emoji-scenes', readTarTree));
}
