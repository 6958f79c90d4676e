import { StudioError } from '../src/base/errors.ts';
import { type Checkpoint, readCheckpoint } from '../src/interop/checkpoint-files.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE } from '../src/interop/checkpoint-names.ts';
import { bundledBytes } from './bundled-file.ts';

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
