/**
 * A well-mixed 32-bit number from a seed and up to three counters: the same on every machine, and in any order of asking.
 * Each word is taken in as MurmurHash3_x86_32 does (Appleby 2011, public domain), then its finaliser is applied.
 */
export function hash32(seed: number, a: number, b = 0, c = 0): number {
  let h = seed | 0;
  h = mixIn(h, a);
  h = mixIn(h, b);
  h = mixIn(h, c);
  h ^= 12; // bytes taken in
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function mixIn(h: number, word: number): number {
  let k = Math.imul(word | 0, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = h ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** A number of 32 bits from a text, by its UTF-16 units. */
export function hashText(text: string): number {
  let h = text.length;
  for (let i = 0; i < text.length; i += 1) h = hash32(h, text.charCodeAt(i));
  return h;
}

/** A float in [0, 1) with 24 random bits, from a hash. */
export function unitFloat(hash: number): number {
  return (hash >>> 8) / 2 ** 24;
}

/** Both functions in WGSL, bit for bit: `hash32(seed, a, b, c) -> u32` and `unit_float(h) -> f32`. */
export const HASH32_WGSL = /* wgsl */ `
fn mix_in(h: u32, word: u32) -> u32 {
  var k = word * 0xcc9e2d51u;
  k = ((k << 15u) | (k >> 17u)) * 0x1b873593u;
  let mixed = h ^ k;
  return ((mixed << 13u) | (mixed >> 19u)) * 5u + 0xe6546b64u;
}
fn hash32(seed: u32, a: u32, b: u32, c: u32) -> u32 {
  var h = mix_in(mix_in(mix_in(seed, a), b), c) ^ 12u;
  h = (h ^ (h >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}
fn unit_float(h: u32) -> f32 { return f32(h >> 8u) / 16777216.0; }
`;
