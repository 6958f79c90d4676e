import { StudioError } from '../../base/errors.ts';
import type { RgbImage } from '../../data/types.ts';

/**
 * Decodes an uncompressed Windows bitmap of 1, 4, 8, 24 or 32 bits a pixel (BITMAPINFOHEADER and later), which libvips as
 * sharp ships it cannot. The size is taken as checked. Throws `bad-image` for other kinds.
 */
export function decodeBmp(bytes: Uint8Array): RgbImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.byteLength >= 34 ? view.getUint32(14, true) : 0;
  const bits = headerBytes >= 40 ? view.getUint16(28, true) : 0;
  const compression = headerBytes >= 40 ? view.getUint32(30, true) : 0;
  if (![1, 4, 8, 24, 32].includes(bits) || compression !== 0) {
    const found = headerBytes < 40 ? 'an old header' : `${bits} bits a pixel and compression ${compression}`;
    throw new StudioError('bad-image', `This bitmap has ${found}, which is not read; save it as PNG.`);
  }
  const w = Math.abs(view.getInt32(18, true));
  const signedHeight = view.getInt32(22, true);
  const h = Math.abs(signedHeight);
  const pixels = view.getUint32(10, true);
  const palette = 14 + headerBytes;
  const rowBytes = Math.ceil((w * bits) / 32) * 4;
  if (bytes.byteLength < pixels + rowBytes * h) {
    throw new StudioError('bad-image', 'The file ends before the picture does; fetch it again.');
  }
  const data = new Uint8Array(h * w * 3);
  for (let y = 0; y < h; y += 1) {
    // Rows go upwards unless the height is negative.
    const row = pixels + rowBytes * (signedHeight > 0 ? h - 1 - y : y);
    for (let x = 0; x < w; x += 1) {
      const from = bits >= 24 ? row + x * (bits / 8) : palette + 4 * paletteIndex(bytes, row, x, bits);
      const to = (y * w + x) * 3;
      data[to] = bytes[from + 2] ?? 0;
      data[to + 1] = bytes[from + 1] ?? 0;
      data[to + 2] = bytes[from] ?? 0;
    }
  }
  return { size: { h, w }, data };
}

function paletteIndex(bytes: Uint8Array, row: number, x: number, bits: number): number {
  const bit = x * bits;
  const byte = bytes[row + (bit >> 3)] ?? 0;
  return (byte >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
}
