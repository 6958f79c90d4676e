import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readBytes } from '../base/test-fixtures.ts';

const FOLDER = fileURLToPath(new URL('../../public/sample/tiny-detr-emoji', import.meta.url));

/** The files of the bundled checkpoint, by name. For tests only. */
export function bundledFiles(): Map<string, Uint8Array<ArrayBuffer>> {
  return new Map(readdirSync(FOLDER).map((name) => [name, readBytes(`${FOLDER}/${name}`)]));
}

/** The text of one of them. For tests only. */
export function bundledText(name: string): string {
  return new TextDecoder().decode(readBytes(`${FOLDER}/${name}`));
}
