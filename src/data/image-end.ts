import type { ImageFormat } from './types.ts';

/**
 * False where a picture's file ends before the picture does, told from the format's own end mark or length, without
 * decoding. Bytes after the end are allowed.
 */
export function endsWhole(bytes: Uint8Array, format: ImageFormat): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'jpg':
      return jpegEnds(bytes, view);
    case 'png':
      return pngEnds(bytes, view);
    case 'webp':
      return bytes.byteLength >= 8 && bytes.byteLength >= view.getUint32(4, true) + 8;
    case 'gif':
      // A trailer byte; what a writer adds behind it is seldom and short.
      return bytes.lastIndexOf(0x3b) >= 13;
    case 'bmp':
      return bmpEnds(bytes, view);
  }
}

/** JPEG (ITU T.81, B.1.1): after a start of scan, `FF D9` can only be the end of the image. */
function jpegEnds(bytes: Uint8Array, view: DataView): boolean {
  let at = 2;
  while (at + 4 <= bytes.byteLength) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // fill byte
    } else if (marker === 0xda) {
      for (let end = bytes.lastIndexOf(0xd9); end > at; end = bytes.lastIndexOf(0xd9, end - 1)) {
        if (bytes[end - 1] === 0xff) return true;
      }
      return false;
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  return false;
}

/** PNG: chunks of length, type, data and checksum, up to IEND. */
function pngEnds(bytes: Uint8Array, view: DataView): boolean {
  let at = 8;
  while (at + 12 <= bytes.byteLength) {
    if (view.getUint32(at + 4) === 0x49454e44) return true;
    at += 12 + view.getUint32(at);
  }
  return false;
}

/** BMP without compression: rows of whole 4-byte words from the offset that the header names. */
function bmpEnds(bytes: Uint8Array, view: DataView): boolean {
  if (bytes.byteLength < 34) return false;
  if (view.getUint32(14, true) < 40 || view.getUint32(30, true) !== 0) return true; // older or compressed: the decoder judges
  const rowBytes = Math.ceil((view.getInt32(18, true) * view.getUint16(28, true)) / 32) * 4;
  return bytes.byteLength >= view.getUint32(10, true) + rowBytes * Math.abs(view.getInt32(22, true));
}
