import { StudioError } from '../base/errors.ts';

/**
 * The text of an XML file, decoded by its byte-order mark, else by what its declaration names, else as UTF-8. Throws
 * `bad-annotation` for no text, an encoding that is not known, or bytes that are not in that encoding.
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    const known = cause instanceof RangeError ? 'is not known' : 'does not fit its bytes';
    const message = `Its encoding ${encoding} ${known}; save it as UTF-8.`;
    throw new StudioError('bad-annotation', message, { encoding }, { cause });
  }
  if (text.trim() === '') {
    throw new StudioError('bad-annotation', 'It is empty, but an <annotation> was expected.');
  }
  return text;
}

function encodingOf(bytes: Uint8Array): string {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0x3c && b === 0) return 'utf-16le';
  if (a === 0 && b === 0x3c) return 'utf-16be';
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 256));
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/i.exec(start)?.[1]?.toLowerCase();
  // The declaration was readable byte by byte, so it is not truly UTF-16.
  return declared === undefined || declared.startsWith('utf-16') ? 'utf-8' : declared;
}
