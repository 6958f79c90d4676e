import { type Checkpoint, readCheckpoint } from '../src/interop/checkpoint-files.ts';

/** The bundled tiny model's files, put in by tiny-define.ts; the weights in base64. */
declare const TINY_CHECKPOINT: { readonly weights: string; readonly config: string; readonly preprocessor: string };

/** The bundled tiny model, where there is no project to read it from. */
export function carriedTiny(): Checkpoint {
  const { weights, ...texts } = TINY_CHECKPOINT;
  return readCheckpoint({ weights: Uint8Array.from(atob(weights), (c) => c.charCodeAt(0)), ...texts }, 'tiny');
}
