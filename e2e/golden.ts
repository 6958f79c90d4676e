import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { test } from './studio.ts';

interface Golden {
  readonly images: readonly {
    readonly name: string;
    readonly original_size_hw: readonly [number, number];
    readonly top5: readonly {
      readonly label: string;
      readonly score: number;
      readonly cxcywh: readonly [number, number, number, number];
    }[];
    readonly first5_queries: {
      readonly logits: readonly (readonly number[])[];
      readonly pred_boxes: readonly (readonly number[])[];
    };
  }[];
}

/** The reference outputs; none, said aloud, where the fixtures are not there. */
export async function readGolden(): Promise<Golden['images']> {
  const folder = process.env.DETRAIN_FIXTURES ?? fileURLToPath(new URL('../../shared/fixtures', import.meta.url));
  const text = await readFile(`${folder}/emoji-scenes/parity.json`, 'utf8').catch(() => null);
  if (text === null) {
    const description = `the reference in ${folder} is not there, so parity was skipped; set DETRAIN_FIXTURES`;
    test.info().annotations.push({ type: 'skipped', description });
    process.stdout.write(`${description}\n`);
    return [];
  }
  return (JSON.parse(text) as Golden).images;
}
