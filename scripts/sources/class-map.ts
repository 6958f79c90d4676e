import { z } from 'zod';
import type { ClassMap } from '../../src/base/class-rows.ts';
import { StudioError } from '../../src/base/errors.ts';
import { readTextFile } from '../cli/input-file.ts';

/** The option that names a class table, for every command that has one. */
export const CLASS_MAP_OPTION = [
  '--class-map <FILE.json>',
  'which class of the weights stands for a class of the data set, where names do not tell: {"CLASS": "NAME", "OTHER": null}; null for none',
] as const;

const tableSchema = z.record(z.string(), z.string().nullable());

/** Reads a class table: an object of names, or null for a class that no row is for. Throws `not-found`, `usage`. */
export async function readClassMap(path: string | undefined): Promise<ClassMap> {
  if (path === undefined) return new Map();
  const { text } = await readTextFile(path);
  try {
    return new Map(Object.entries(tableSchema.parse(JSON.parse(text))));
  } catch (cause) {
    throw new StudioError(
      'usage',
      `${path} is no class table; expected JSON such as {"aeroplane": "airplane", "wombat": null}.`,
      { path },
      { cause },
    );
  }
}
