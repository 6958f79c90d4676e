/** What a file turned out to be, by its bytes; a name proves nothing. */
export type DroppedKind =
  | { readonly kind: 'picture' | 'video' | 'weights' | 'tar' | 'zip' | 'gzip' }
  /** Of no use alone: `reason` says what it is and what it belongs to. */
  | { readonly kind: 'json' | 'xml'; readonly reason: string }
  /** `reason` is a full sentence: what it is, and what it could have been. */
  | { readonly kind: 'neither'; readonly reason: string };

/** So many bytes of a file's start tell what it is. */
export const HEAD_BYTES = 512;

/** A header longer than this is refused by the safetensors format itself. */
const LONGEST_HEADER = 100_000_000;

/** What the studio takes, for a refusal. */
export const TAKEN =
  'Detrain takes pictures (JPEG, PNG, WebP, GIF or BMP), videos that the browser plays, weights (.safetensors, or .onnx with its config.json) and data sets (VOC, COCO or YOLO as a tar, a zip or a folder).';

/** Tells pictures, weights and archives from anything else by the file's first `HEAD_BYTES`. */
export function kindOfFile(name: string, head: Uint8Array): DroppedKind {
  if (isPicture(head)) return { kind: 'picture' };
  if (isVideo(head)) return { kind: 'video' };
  // ONNX has no mark of its own; whether it is a model is found out when it is loaded.
  if (isSafetensors(head) || (/\.onnx$/i.test(name) && head.length > 0)) return { kind: 'weights' };
  if (isTar(head)) return { kind: 'tar' };
  if (['PK\x03\x04', 'PK\x05\x06'].includes(ascii(head, 0, 4))) return { kind: 'zip' };
  if (head[0] === 0x1f && head[1] === 0x8b) return { kind: 'gzip' };
  if (head.length === 0) return { kind: 'neither', reason: `"${name}" is empty. ${TAKEN}` };
  const text = textStart(head);
  if (text.startsWith('{') && /\.json$/i.test(name)) {
    const reason = `"${name}" is a JSON file. A config.json belongs to weights: drop it together with its .safetensors.`;
    return { kind: 'json', reason };
  }
  if (/^<(\?xml|annotation)/.test(text) && !text.includes('<svg')) {
    const reason = `"${name}" is an XML file without its picture. Annotations make a data set in a folder, tar or zip that holds Annotations and JPEGImages.`;
    return { kind: 'xml', reason };
  }
  return { kind: 'neither', reason: `"${name}" ${whatItIs(name, head, text)}. ${TAKEN}` };
}

/** True for the first 512 bytes of a tar archive. */
export function isTar(head: Uint8Array): boolean {
  return ascii(head, 257, 5) === 'ustar' || (head.length >= 512 && hasTarChecksum(head));
}

function whatItIs(name: string, head: Uint8Array, text: string): string {
  if (ascii(head, 0, 4) === '%PDF') return 'is a PDF document, not a picture';
  const brand = ascii(head, 4, 8);
  if (brand.startsWith('ftypavif')) return 'is an AVIF picture, which is not read here: save it as JPEG or PNG';
  if (/^ftyp(hei|mif|hev)/.test(brand)) return 'is a HEIC picture, which is not read here: save it as JPEG or PNG';
  if (['II*\0', 'MM\0*'].includes(ascii(head, 0, 4))) {
    return 'is a TIFF picture, which is not read here: save it as JPEG or PNG';
  }
  const archive = otherArchive(head);
  if (archive !== null) return `is a ${archive} archive, which is not read here: pack it as a tar or a zip`;
  if (/^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!doctype svg[^>]*>\s*)?<svg/s.test(text)) {
    return 'is an SVG drawing, which is not read here: save it as PNG';
  }
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return `holds an HTML page${namedAs(name)}`;
  if (/\.(bin|pt|pth|ckpt)$/i.test(name)) {
    return 'is named as weights of PyTorch, which are a program and not read here: save them as .safetensors';
  }
  if (/\.safetensors$/i.test(name))
    return 'is named as weights, but its first bytes are not those of a safetensors file';
  if (/\.(jpe?g|png|webp|gif|bmp)$/i.test(name))
    return 'is named as a picture, but holds none: its first bytes are of no known kind';
  if (/\.(tar|tgz|gz|zip)$/i.test(name))
    return 'is named as an archive, but holds none: its first bytes are of no known kind';
  return 'is neither a picture nor weights nor a data set';
}

function otherArchive(head: Uint8Array): string | null {
  if (ascii(head, 0, 6) === '7z\xbc\xaf\x27\x1c') return '7z';
  if (ascii(head, 0, 4) === 'Rar!') return 'RAR';
  if (ascii(head, 0, 6) === '\xfd7zXZ\0') return 'xz';
  if (ascii(head, 0, 3) === 'BZh') return 'bzip2';
  return ascii(head, 0, 4) === '\x28\xb5\x2f\xfd' ? 'zstd' : null;
}

function namedAs(name: string): string {
  const ending = /\.[a-z0-9]+$/i.exec(name)?.[0] ?? '';
  return ending === '' || /^\.html?$/i.test(ending) ? '' : `, though it is named ${ending}`;
}

function isPicture(head: Uint8Array): boolean {
  return (
    (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) ||
    ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n' ||
    (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') ||
    ['GIF87a', 'GIF89a'].includes(ascii(head, 0, 6)) ||
    (ascii(head, 0, 2) === 'BM' && head.length >= 26)
  );
}

/** MP4 and its kin, WebM and Matroska, Ogg, AVI; whether the browser can decode it is found out when it is played. */
function isVideo(head: Uint8Array): boolean {
  const brand = ascii(head, 4, 8);
  return (
    (brand.startsWith('ftyp') && !/^ftyp(avi[fs]|hei|mif|hev)/.test(brand)) ||
    ascii(head, 0, 4) === '\x1aE\xdf\xa3' ||
    ascii(head, 0, 4) === 'OggS' ||
    (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'AVI ')
  );
}

function isSafetensors(head: Uint8Array): boolean {
  if (head.length < 9) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getUint32(4, true) === 0 && view.getUint32(0, true) <= LONGEST_HEADER && head[8] === 0x7b;
}

/** Tars older than POSIX have no magic: their header sums up to the number that it states. */
function hasTarChecksum(head: Uint8Array): boolean {
  const stated = Number.parseInt(ascii(head, 148, 8).replaceAll('\0', ' ').trim(), 8);
  let sum = 0;
  for (let at = 0; at < 512; at++) sum += at >= 148 && at < 156 ? 32 : (head[at] ?? 0);
  return head[0] !== 0 && sum === stated;
}

/** Lower case, without a byte order mark; of UTF-16 every second byte is nil. */
function textStart(head: Uint8Array): string {
  return ascii(head, 0, HEAD_BYTES)
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart()
    .toLowerCase();
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
