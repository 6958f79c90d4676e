import { imageSize } from 'image-size';
import { StudioError } from '../base/errors.ts';
import { endsWhole } from './image-end.ts';
import type { ImageFormat, ImageHeader, Orientation } from './types.ts';

/** As many as PIL takes before it warns of a decompression bomb: 1 GiB / 4 / 3. */
export const MAX_PIXELS = 89_478_485;

const formats: readonly string[] = ['jpg', 'png', 'webp', 'gif', 'bmp'] satisfies ImageFormat[];

/**
 * Size and orientation of a picture from its header, before anything is decoded, by content and not by name. Throws
 * `bad-image` for no bytes, another format, over 89,478,485 pixels, or a file that ends before the picture does.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.byteLength === 0) throw refusal('The file is empty, but a picture was expected.');
  const { type, width, height, orientation } = readSize(bytes);
  if (!isFormat(type)) throw refusal(`The file is of the kind "${type}"; JPEG, PNG, WebP, GIF and BMP are read.`);
  if (!(width > 0 && height > 0)) throw refusal(`Its header says ${width} x ${height} pixels; the file is damaged.`);
  if (width * height > MAX_PIXELS) {
    throw refusal(`It is ${width} x ${height} pixels; at most ${MAX_PIXELS} in all are read. Scale it down.`);
  }
  if (!endsWhole(bytes, type)) throw refusal('The file ends before the picture does; fetch it again.');
  const turn = type === 'jpg' && isOrientation(orientation) ? orientation : 1;
  const storedSize = { h: height, w: width };
  return { format: type, storedSize, size: turn >= 5 ? { h: width, w: height } : storedSize, orientation: turn };
}

function readSize(bytes: Uint8Array): { type: string; width: number; height: number; orientation: number } {
  try {
    const { type = '', width, height, orientation = 1 } = imageSize(bytes);
    return { type, width, height, orientation };
  } catch (cause) {
    const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart();
    const found = /^<(!doctype|html|\?xml)/i.test(start)
      ? 'The file is a web page or XML'
      : 'The file is damaged or none';
    throw refusal(`${found}, not a picture; JPEG, PNG, WebP, GIF and BMP are read.`, cause);
  }
}

function refusal(message: string, cause?: unknown): StudioError {
  return new StudioError('bad-image', message, {}, { cause });
}

function isFormat(type: string): type is ImageFormat {
  return formats.includes(type);
}

function isOrientation(value: number): value is Orientation {
  return Number.isInteger(value) && value >= 1 && value <= 8;
}
