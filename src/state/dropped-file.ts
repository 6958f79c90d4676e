/** What a file turned out to be, by its bytes; a name proves nothing. */
export type DroppedKind =
  | { readonly kind: 'picture' }
  | { readonly kind: 'weights' }
  /** `reason` is a full sentence: what it is, and what it could have been. */
  | { readonly kind: 'neither'; readonly reason: string };

/** A header longer than this is refused by the safetensors format itself. */
const LONGEST_HEADER = 100_000_000;

const TAKEN =
  'Detrain takes pictures (JPEG, PNG, WebP, GIF or BMP) and weights (a .safetensors file with its config inside).';

/** Tells a picture from weights from anything else by the file's first bytes; 512 suffice. */
export function kindOfFile(name: string, head: Uint8Array): DroppedKind {
  if (isPicture(head)) return { kind: 'picture' };
  if (isSafetensors(head)) return { kind: 'weights' };
  if (head.length === 0) return { kind: 'neither', reason: `"${name}" is empty. ${TAKEN}` };
  return { kind: 'neither', reason: `"${name}" ${whatItIs(name, head)}. ${TAKEN}` };
}

function whatItIs(name: string, head: Uint8Array): string {
  if (ascii(head, 257, 5) === 'ustar')
    return 'is a tar archive, perhaps a data set, which the page does not import yet';
  if (ascii(head, 0, 4) === 'PK\x03\x04') return 'is a zip archive, which the page does not import yet';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'is a gzip archive, which the page does not import yet';
  if (ascii(head, 0, 4) === '%PDF') return 'is a PDF document, not a picture';
  const brand = ascii(head, 4, 8);
  if (brand.startsWith('ftypavif')) return 'is an AVIF picture, which is not read here: save it as JPEG or PNG';
  if (/^ftyp(hei|mif|hev)/.test(brand)) return 'is a HEIC picture, which is not read here: save it as JPEG or PNG';
  if (['II*\0', 'MM\0*'].includes(ascii(head, 0, 4))) {
    return 'is a TIFF picture, which is not read here: save it as JPEG or PNG';
  }
  const text = ascii(head, 0, 512).trimStart().toLowerCase();
  if (text.startsWith('<svg')) return 'is an SVG drawing, which is not read here: save it as PNG';
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return `holds an HTML page${namedAs(name)}`;
  if (text.startsWith('<?xml') || text.startsWith('<annotation')) return 'is an XML file without its picture';
  if (/\.safetensors$/i.test(name))
    return 'is named as weights, but its first bytes are not those of a safetensors file';
  if (/\.(jpe?g|png|webp|gif|bmp)$/i.test(name))
    return 'is named as a picture, but holds none: its first bytes are of no known kind';
  return 'is neither a picture nor weights';
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

function isSafetensors(head: Uint8Array): boolean {
  if (head.length < 9) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getUint32(4, true) === 0 && view.getUint32(0, true) <= LONGEST_HEADER && head[8] === 0x7b;
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
