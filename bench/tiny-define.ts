import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TINY_CHECKPOINT } from '../scripts/sources/bundled.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE } from '../src/interop/checkpoint-names.ts';

/** For Vite's `define`: puts the bundled tiny model where carried-tiny.ts looks for it. */
export async function tinyDefine(): Promise<Record<string, string>> {
  const tiny = {
    weights: await readFile(join(TINY_CHECKPOINT, WEIGHTS_FILE), 'base64'),
    config: await readFile(join(TINY_CHECKPOINT, CONFIG_FILE), 'utf8'),
    preprocessor: await readFile(join(TINY_CHECKPOINT, PREPROCESSOR_FILE), 'utf8'),
  };
  return { TINY_CHECKPOINT: JSON.stringify(tiny) };
}
