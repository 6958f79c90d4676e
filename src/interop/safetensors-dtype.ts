/** Bytes of one element, by the dtype's name in a safetensors header. The packed 4- and 6-bit floats are left out. */
const BYTES_OF_DTYPE = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E8M0: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
  C64: 8,
} as const;

/** A number format that a safetensors file may hold. */
export type SafetensorsDtype = keyof typeof BYTES_OF_DTYPE;

/** Whether a header's dtype is one whose size is known here. */
export function isSafetensorsDtype(name: string): name is SafetensorsDtype {
  return Object.hasOwn(BYTES_OF_DTYPE, name);
}

/** Bytes of one element of `dtype`. */
export function bytesPerElement(dtype: SafetensorsDtype): number {
  return BYTES_OF_DTYPE[dtype];
}

/** Every dtype's name, for messages. */
export function knownDtypes(): string {
  return Object.keys(BYTES_OF_DTYPE).join(', ');
}

/**
 * Bytes that a tensor of this shape takes, or null where a product on the way (as the reference multiplies, left to
 * right) is past what a double counts exactly.
 */
export function byteLengthOf(dtype: SafetensorsDtype, shape: readonly number[]): number | null {
  let count = 1;
  for (const dimension of shape) {
    count *= dimension;
    if (!Number.isSafeInteger(count)) return null;
  }
  const bytes = count * bytesPerElement(dtype);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** IEEE half (1, 5, 10 bits) to the bits of the float32 of the same value; NaN keeps its payload. */
export function halfToFloat32Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  const shift = Math.clz32(fraction) - 21; // brings the leading one to bit 10
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

/** Float32 values to IEEE halves, rounded to nearest, ties to even; past 65504 infinity. */
export function float32ToHalves(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfBits);
}

function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  // Not a number stays one; 65520 and above round to infinity.
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  const exponent = magnitude >>> 23;
  // Below 2^-14 halves are subnormal: the fraction, with its leading one, moves down further.
  const shift = exponent < 113 ? 126 - exponent : 13;
  if (shift > 24) return sign;
  const value = exponent < 113 ? (magnitude & 0x7fffff) | 0x800000 : magnitude - (112 << 23);
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}
