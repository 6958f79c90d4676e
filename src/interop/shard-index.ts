import { z } from 'zod';
import { StudioError } from '../base/errors.ts';

/** More files than any model has that is read here. */
const MOST_SHARDS = 1000;

const schema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The files that a `model.safetensors.index.json` names, each once, in the order of their names. `file` is what to call the
 * index. Throws `bad-weights` where it is none, and for names that are no safetensors file of the same folder.
 */
export function shardsOfIndex(text: string, file: string): string[] {
  const shards = [...new Set(Object.values(parsed(text, file).weight_map))].sort();
  const odd = shards.find((shard) => !/^[^/\\:]+\.safetensors$/.test(shard));
  if (odd !== undefined) {
    const shown = JSON.stringify(odd.slice(0, 120));
    throw refusal(file, `names the file ${shown}; expected .safetensors files in its own folder`);
  }
  if (shards.length === 0 || shards.length > MOST_SHARDS) {
    throw refusal(file, `names ${shards.length} files; expected 1 to ${MOST_SHARDS}`);
  }
  return shards;
}

function parsed(text: string, file: string): z.infer<typeof schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refusal(file, 'is not JSON', { cause });
  }
  const read = schema.safeParse(json);
  if (!read.success) throw refusal(file, 'has no "weight_map" from names of tensors to names of files');
  return read.data;
}

function refusal(file: string, found: string, options?: ErrorOptions): StudioError {
  return new StudioError('bad-weights', `${file} ${found}. Fetch or export the weights again.`, { file }, options);
}
