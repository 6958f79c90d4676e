import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright/test';

/** A file as a person would drop it. */
export interface DroppedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A file of these bytes. */
export function fileOf(name: string, bytes: Uint8Array | string): DroppedFile {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
}

/** The file at this path of this disk. */
export async function fileAt(path: string): Promise<DroppedFile> {
  return fileOf(basename(path), await readFile(path));
}

/** The bundled file at this path below `public/`. */
export function bundled(path: string): string {
  return fileURLToPath(new URL(`../public/${path}`, import.meta.url));
}

/** Data that may not be part of the project, by its path under DETRAIN_FIXTURES; null where it is absent. */
export function fixture(path: string): string | null {
  const folder = process.env.DETRAIN_FIXTURES ?? fileURLToPath(new URL('../../shared/fixtures', import.meta.url));
  const full = `${folder}/${path}`;
  return existsSync(full) ? full : null;
}

/** Drops files on the window, in whatever room, as a person does; large ones are better given by their path. */
export async function drop(page: Page, files: readonly (DroppedFile | string)[]): Promise<void> {
  const input = await page.evaluateHandle(() => {
    const element = document.createElement('input');
    element.type = 'file';
    element.multiple = true;
    return element;
  });
  const [paths, made] = [files.filter((f) => typeof f === 'string'), files.filter((f) => typeof f !== 'string')];
  await input.setInputFiles(paths.length > 0 ? paths : made);
  const dataTransfer = await input.evaluateHandle(({ files: given }) => {
    const transfer = new DataTransfer();
    for (const file of given ?? []) transfer.items.add(file);
    return transfer;
  });
  await page.dispatchEvent('body', 'dragenter', { dataTransfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}
