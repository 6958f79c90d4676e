import sharp from 'sharp';
import { seededRandom } from '../../src/base/random.ts';
import { alikePairs } from '../../src/data/cleaning/near-duplicates.ts';
import { perceptualHash } from '../../src/data/cleaning/perceptual-hash.ts';
import type { Look } from '../../src/data/cleaning/types.ts';
import type { DecodeImage } from '../../src/data/types.ts';

/** A picture that was made from another, and how. */
export interface MadeDuplicate {
  readonly of: number;
  readonly how: string;
  readonly look: Look;
}

/** How duplicates are made. */
export const DUPLICATE_KINDS = [
  'half size',
  'double size',
  'jpeg 30',
  'jpeg 60 at 0.7',
  'jpeg 95',
  'lighter',
  'darker',
  'border cut by 2 %',
] as const;

/** Pictures, and what was made of them. */
export interface MadeSet {
  readonly looks: Look[];
  readonly made: MadeDuplicate[];
}

/** Every picture in some other forms: resized, compressed, lighter, cut a little. */
export async function madeDuplicates(
  pictures: readonly Uint8Array[],
  decode: DecodeImage,
  signal?: AbortSignal,
): Promise<MadeSet> {
  const looks: Look[] = [];
  const made: MadeDuplicate[] = [];
  for (const [of, bytes] of pictures.entries()) {
    signal?.throwIfAborted();
    looks.push(perceptualHash(await decode(bytes)));
    for (const how of DUPLICATE_KINDS) {
      made.push({ of, how, look: perceptualHash(await decode(await changed(bytes, how))) });
    }
  }
  return { looks, made };
}

/** In how many bits the look of each picture differs from that of its mirror image. */
export async function mirrored(pictures: readonly Uint8Array[], decode: DecodeImage): Promise<number[]> {
  const distances: number[] = [];
  for (const bytes of pictures) {
    const flopped = new Uint8Array(await sharp(bytes).flop().png().toBuffer());
    distances.push(bitsBetween(perceptualHash(await decode(bytes)), perceptualHash(await decode(flopped))));
  }
  return distances;
}

/** In how many bits two looks differ. */
export function bitsBetween(a: Look, b: Look): number {
  return alikePairs([a, b], 256)[0]?.distance ?? 256;
}

async function changed(bytes: Uint8Array, how: (typeof DUPLICATE_KINDS)[number]): Promise<Uint8Array<ArrayBuffer>> {
  const { width: w = 1, height: h = 1 } = await sharp(bytes).metadata();
  const image = sharp(bytes);
  const scaled = (factor: number) => image.resize(Math.round(w * factor), Math.round(h * factor));
  const outcome = {
    'half size': () => scaled(0.5).jpeg({ quality: 85 }),
    'double size': () => scaled(2).jpeg({ quality: 85 }),
    'jpeg 30': () => image.jpeg({ quality: 30 }),
    'jpeg 60 at 0.7': () => scaled(0.7).jpeg({ quality: 60 }),
    'jpeg 95': () => image.jpeg({ quality: 95 }),
    darker: () => image.linear(0.85, -5).jpeg({ quality: 90 }),
    lighter: () => image.linear(1.1, 8).jpeg({ quality: 90 }),
    'border cut by 2 %': () => {
      const [left, top] = [Math.round(w * 0.02), Math.round(h * 0.02)];
      return image.extract({ left, top, width: w - 2 * left, height: h - 2 * top }).jpeg({ quality: 90 });
    },
  }[how]();
  return new Uint8Array(await outcome.toBuffer());
}

/** Seeded looks of pictures that there are not, for timing. */
export function randomLooks(count: number): Look[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => Array.from({ length: 64 }, () => random.below(16).toString(16)).join(''));
}
