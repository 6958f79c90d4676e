import type { Size } from '../base/boxes.ts';

const TEMPERATURE = 10_000;
const EPSILON = 1e-6;

/**
 * Sine position embedding of one picture's feature grid: `[h * w, channels]` f32, cell (y, x) at y * w + x.
 *
 * `padMask` is `[h, w]` u8, 1 on padding. The first half of the channels is y, the second x; sin and cos alternate.
 * Computed on the CPU: WGSL promises only 2^-11 for `sin`. Rounded to f32 where the reference is
 * (models/position_encoding.py of facebookresearch/detr at 29901c5).
 */
export function sinePositions(padMask: Uint8Array, { h, w }: Size, channels: number): Float32Array {
  const half = channels / 2;
  const positions = new Float32Array(h * w * channels);
  const waves = new Map<number, Float32Array>();
  const wavesOf = (position: number): Float32Array => {
    const wave = waves.get(position) ?? sineWaves(position, half);
    waves.set(position, wave);
    return wave;
  };
  const rows = normalisedCounts(padMask, h, w, w, 1);
  const columns = normalisedCounts(padMask, w, h, 1, w);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = (y * w + x) * channels;
      positions.set(wavesOf(rows[x * h + y] ?? 0), at);
      positions.set(wavesOf(columns[y * w + x] ?? 0), at + half);
    }
  }
  return positions;
}

/** Running count of picture cells along lines of `length`, scaled so that the last is 2 pi: `[lines, length]`. */
function normalisedCounts(
  padMask: Uint8Array,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
): Float32Array {
  const counts = new Float32Array(lines * length);
  for (let line = 0; line < lines; line++) {
    let count = 0;
    for (let i = 0; i < length; i++) {
      count += padMask[line * lineStep + i * step] ? 0 : 1;
      counts[line * length + i] = count;
    }
    const last = Math.fround(count + EPSILON);
    for (let i = 0; i < length; i++) {
      const at = line * length + i;
      counts[at] = Math.fround(Math.fround((counts[at] ?? 0) / last) * Math.fround(2 * Math.PI));
    }
  }
  return counts;
}

/** sin and cos of one coordinate at falling frequencies: `[half]` f32, alternating. */
function sineWaves(position: number, half: number): Float32Array {
  return Float32Array.from({ length: half }, (_, i) => {
    const wavelength = Math.fround(TEMPERATURE ** Math.fround((2 * Math.floor(i / 2)) / half));
    const angle = Math.fround(position / wavelength);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
