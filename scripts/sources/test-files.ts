import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BoxXyxy } from '../../src/base/boxes.ts';
import { readSafetensors, type SafetensorsInput, writeSafetensors } from '../../src/interop/safetensors.ts';
import { SAMPLE_PICTURES, TINY_CHECKPOINT } from './bundled.ts';

type Tensors = Map<string, SafetensorsInput>;

/** For tests: a copy of the bundled checkpoint with one thing changed, and its folder. */
export function changedCheckpoint(
  folder: string,
  change: { readonly tensors?: (tensors: Tensors) => void; readonly config?: Readonly<Record<string, unknown>> },
): string {
  cpSync(TINY_CHECKPOINT, folder, { recursive: true });
  const weights = join(folder, 'model.safetensors');
  if (change.tensors) {
    const { tensors, metadata } = readSafetensors(readFileSync(weights));
    const changed: Tensors = new Map(tensors);
    change.tensors(changed);
    writeFileSync(weights, writeSafetensors(changed, metadata));
  }
  if (change.config) {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), ...change.config }));
  }
  return folder;
}

/** For tests: the files of a small VOC data set by path, one picture for each entry of `objects`, which are XML. */
export function vocFiles(objects: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  const picture = readFileSync(join(SAMPLE_PICTURES, '2026_000003.jpg'));
  const files = new Map<string, Uint8Array>();
  for (const [id, xml] of Object.entries(objects)) {
    files.set(`JPEGImages/${id}.jpg`, picture);
    files.set(`Annotations/${id}.xml`, new TextEncoder().encode(`<annotation>${xml}</annotation>`));
  }
  return files;
}

/** For tests: one object of a VOC annotation; the box is 0-based and half-open, as it will be read. */
export function vocObject(name: string, [x0, y0, x1, y1]: BoxXyxy = [9, 9, 60, 60]): string {
  const corners = `<xmin>${x0 + 1}</xmin><ymin>${y0 + 1}</ymin><xmax>${x1}</xmax><ymax>${y1}</ymax>`;
  return `<object><name>${name}</name><bndbox>${corners}</bndbox></object>`;
}

/** For tests: writes files into a folder, and gives the folder. */
export function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}
