import { sha256Hex } from '../data/sha256.ts';
import type { Freezing } from '../detr/parameters.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { FeatureIdentity, TrainSettings } from './types.ts';

/** To be raised with every change of what a view is (`frozenView`, `writeView`) or of what the frozen part computes. */
const VERSION = 1;

/**
 * What the features of a run are made from. `trained` are the names of the tensors that are trained: all others are
 * frozen.
 */
export async function featureIdentity(
  { config, preprocessor, weights }: Checkpoint,
  trained: ReadonlySet<string>,
  dataSetHash: string,
  { seed, freezeEncoder }: Pick<TrainSettings, 'seed'> & Pick<Freezing, 'freezeEncoder'>,
): Promise<FeatureIdentity> {
  const { backbone, dilation, dModel, encoderLayers, encoderHeads } = config;
  const lines = [JSON.stringify([backbone, dilation, dModel, freezeEncoder ? [encoderLayers, encoderHeads] : null])];
  for (const name of [...weights.values.keys()].sort()) {
    const values = weights.values.get(name);
    if (values === undefined || trained.has(name)) continue;
    lines.push(`${name} ${await sha256Hex(bytesOf(values))}`);
  }
  const { shortestEdge, longestEdge, imageMean, imageStd } = preprocessor.config;
  return {
    weights: await sha256Hex(new TextEncoder().encode(lines.join('\n'))),
    dataSet: dataSetHash,
    pixels: JSON.stringify([shortestEdge, longestEdge, imageMean, imageStd]),
    views: `seed ${seed}, version ${VERSION}`,
    stage: freezeEncoder ? 'memory' : 'projected',
    format: 'f16',
  };
}

const WORDS: Readonly<Record<keyof FeatureIdentity, string>> = {
  weights: 'other weights',
  dataSet: 'other pictures or boxes',
  pixels: 'another size or normalisation',
  views: 'another seed or other views',
  stage: 'another frozen part',
  format: 'another number format',
};

/** In words, what of another identity is not as it is here: empty where they are the same. */
export function differencesOf(other: FeatureIdentity, here: FeatureIdentity): string {
  const parts = Object.keys(WORDS) as (keyof FeatureIdentity)[];
  const words = parts.filter((part) => other[part] !== here[part]).map((part) => WORDS[part]);
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
