import type { Size } from '../../src/base/boxes.ts';
import { StudioError } from '../../src/base/errors.ts';
import { unitFloat } from '../../src/base/hash.ts';
import { BACKBONE_PREFIX } from '../../src/detr/parameter-specs.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Added to the hash for each element. */
const GOLDEN_RATIO = 0x9e3779b9;
/** Pixels a side of the blocks of one colour in a recipe's picture. */
const BLOCK = 32;

/** The 32-bit FNV-1a hash of a text's UTF-8 bytes (Fowler, Noll and Vo). */
export function fnv1a(text: string): number {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}

/** Element `i` of the recipe's random sequence: in [0, 1), a multiple of 2^-24. `keyHash` is the hash of its key. */
export function recipeUnit(keyHash: number, i: number): number {
  let x = (keyHash + Math.imul(i, GOLDEN_RATIO)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return unitFloat((x ^ (x >>> 16)) >>> 0);
}

/** One tensor of the recipe, row-major in the checkpoint's layout. Throws `internal` for a name that no rule fits. */
export function recipeTensor(seed: number, name: string, shape: readonly number[]): Float32Array {
  const keyHash = fnv1a(`${seed}:${name}`);
  const rule = ruleOf(name, shape);
  return Float32Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) =>
    rule(recipeUnit(keyHash, i)),
  );
}

/** From a number in [0, 1) to a value. */
type Rule = (u: number) => number;

const between =
  (lowest: number, width: number): Rule =>
  (u) =>
    lowest + width * u;
const around =
  (scale: number): Rule =>
  (u) =>
    (2 * u - 1) * scale;

/** The first rule of the recipe that fits. */
function ruleOf(name: string, shape: readonly number[]): Rule {
  const isBackbone = name.startsWith(BACKBONE_PREFIX);
  const part = name.slice(name.lastIndexOf('.') + 1);
  const [, inC = 0, kh = 1, kw = 1] = shape;
  if (isBackbone && part === 'weight' && shape.length === 1) {
    return /\.(bn3|downsample\.1)\./.test(name) ? between(0.2, 0.3) : between(0.6, 0.6);
  }
  if (isBackbone && part === 'running_var') return between(0.6, 0.8);
  if (isBackbone && (part === 'bias' || part === 'running_mean')) return around(0.1);
  if (shape.length === 4) return around(Math.sqrt((isBackbone ? 6 : 48) / (inC * kh * kw)));
  if (name === 'model.query_position_embeddings.weight') return around(4);
  if (shape.length === 2) return around(Math.sqrt(gainOf(name) / inC));
  if (shape.length === 1 && part === 'weight') return between(0.8, 0.4);
  if (part === 'bias') return around(0.1);
  throw new StudioError('internal', `The recipe has no rule for the tensor ${name} [${shape.join(', ')}].`);
}

function gainOf(name: string): number {
  if (name === 'class_labels_classifier.weight' || name === 'bbox_predictor.layers.2.weight') return 12;
  if (/\.(q_proj|k_proj)\./.test(name)) return 24;
  if (name.startsWith('model.encoder.')) return /\.(out_proj|fc2)\./.test(name) ? 0.25 : 3;
  if (/\.(self_attn\.out_proj|fc2)\./.test(name)) return 1;
  return name.includes('.encoder_attn.out_proj.') ? 24 : 3;
}

/** The recipe's picture: `[3, h, w]` f32, blocks of one colour with noise over them. */
export function recipePicture(seed: number, { h, w }: Size): Float32Array {
  const blocks = fnv1a(`${seed}:pixel_blocks`);
  const noise = fnv1a(`${seed}:pixel_values`);
  const rows = Math.ceil(h / BLOCK);
  const columns = Math.ceil(w / BLOCK);
  return Float32Array.from({ length: 3 * h * w }, (_, i) => {
    const x = i % w;
    const y = Math.floor(i / w) % h;
    const c = Math.floor(i / (w * h));
    const block = (c * rows + Math.floor(y / BLOCK)) * columns + Math.floor(x / BLOCK);
    return 3 * (2 * recipeUnit(blocks, block) - 1) + 0.5 * (2 * recipeUnit(noise, i) - 1);
  });
}
