import type { ImageFormat } from '../../data/types.ts';

/**
 * Gives pictures names that every file system takes and `datasets` does not pass over (it leaves out what begins with a dot or
 * two underscores, and whatever has not the ending of a picture): their own where that is so. Each name is given once.
 */
export class PictureNames {
  readonly #given = new Set<string>();

  nameOf(sampleId: string, format: ImageFormat): string {
    const plain = sampleId.normalize('NFC').replace(/[^A-Za-z0-9._-]+/g, '_');
    const stem = (/^[A-Za-z0-9]/.test(plain) ? plain : `p${plain}`).slice(0, 120);
    let name = `${stem}.${format}`;
    // Also where a file system takes two cases for one.
    for (let n = 2; this.#given.has(name.toLowerCase()); n++) name = `${stem}_${n}.${format}`;
    this.#given.add(name.toLowerCase());
    return name;
  }
}
