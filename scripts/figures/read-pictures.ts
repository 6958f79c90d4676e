import { decodeWith } from '../../src/data/decode.ts';
import { createDecodedSource } from '../../src/data/picture-source.ts';
import type { DataSet, Sample } from '../../src/data/types.ts';
import { decodePixels } from '../../src/platform/node/decode.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { type Thumbnail, thumbnail } from './thumbnail.ts';

/** Up to `count` of these, evenly over their order: the same ones each time. */
export function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  const shown = Math.min(count, items.length);
  return Array.from({ length: shown }, (_, at) => items[Math.floor((at * items.length) / shown)]).flatMap((item) =>
    item === undefined ? [] : [item],
  );
}

/** The pictures of these samples as a sheet shows them, one after another. A damaged one is left out, and said. */
export async function readPictures(
  dataSet: DataSet,
  samples: readonly Sample[],
  context: CommandContext,
): Promise<ReadonlyMap<string, Thumbnail>> {
  const source = createDecodedSource({
    dataSet,
    decode: decodeWith(decodePixels),
    onProblem: ({ file, reason }) => context.say(`Left out: ${file}: ${reason}`),
  });
  const read = new Map<string, Thumbnail>();
  for (const sample of samples) {
    context.signal.throwIfAborted();
    const image = await source(sample, (decoded) => decoded);
    if (image !== null) read.set(sample.id, await thumbnail(image));
  }
  return read;
}
