import { parseDocument } from 'yaml';
import { StudioError } from '../base/errors.ts';
import type { Problem } from './types.ts';

/** What a YOLO set says of itself. */
export interface YoloConfig {
  /** Where it was read; paths in it are relative to this file, more or less. */
  readonly path: string;
  /** By class id; ids without a name are not in it. */
  readonly names: ReadonlyMap<number, string>;
  /** Folders of pictures or lists of them, as written, by split. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
  /** Labels have key points behind the box: numbers behind the fifth are no polygon. */
  readonly hasKeypoints: boolean;
}

/** A few names and paths: a YAML that is larger is something else. */
const MAX_YAML_BYTES = 2 ** 20;
const SPLIT_KEYS: Readonly<Record<string, string>> = {
  train: 'train',
  val: 'val',
  valid: 'val',
  test: 'test',
  trainval: 'trainval',
};

/**
 * Reads a `data.yaml` (Ultralytics, Roboflow, CVAT's Ultralytics export). Null where it is another YAML. Throws
 * `bad-annotation` with file and line where it is none.
 */
export function readYoloYaml(bytes: Uint8Array, path: string, problems: Problem[]): YoloConfig | null {
  if (bytes.byteLength > MAX_YAML_BYTES) return null;
  const config = parseYaml(new TextDecoder().decode(bytes), path);
  if (!(config instanceof Map)) return null;
  const names = classNames(config.get('names'));
  if (names === null) return null;
  const count = config.get('nc');
  if (typeof count === 'number' && count !== names.size) {
    const reason = `It says nc: ${count} and names ${names.size} classes; the names were taken.`;
    problems.push({ file: path, severity: 'warning', reason });
  }
  const root = config.get('path');
  const splits = new Map<string, readonly string[]>();
  for (const [key, split] of Object.entries(SPLIT_KEYS)) {
    const value: unknown = config.get(key);
    const places = (Array.isArray(value) ? value : [value]).filter((place) => typeof place === 'string');
    const under = typeof root === 'string' && root !== '' ? `${root.replace(/\/+$/, '')}/` : '';
    if (places.length > 0) splits.set(split, [...(splits.get(split) ?? []), ...places.map((place) => under + place)]);
  }
  return { path, names, splits, hasKeypoints: config.get('kpt_shape') !== undefined };
}

/** Reads darknet's `obj.data` (`KEY = VALUE`, CVAT's YOLO 1.1 export), given the file of names that it speaks of. */
export function readDarknetData(text: string, path: string, names: ReadonlyMap<number, string>): YoloConfig {
  const splits = new Map<string, readonly string[]>();
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, key = '', value = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const split = Object.hasOwn(SPLIT_KEYS, key) ? SPLIT_KEYS[key] : undefined;
    if (split !== undefined && value !== '') splits.set(split, [value]);
  }
  return { path, names, splits, hasKeypoints: false };
}

/** A class a line: `obj.names`, `classes.txt`. */
export function readClassLines(text: string): ReadonlyMap<number, string> {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  return new Map(lines.flatMap((name, id) => (name === '' ? [] : [[id, name] as const])));
}

function parseYaml(text: string, path: string): unknown {
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
    const [error] = document.errors;
    if (error === undefined) return document.toJS({ mapAsMap: true, maxAliasCount: 100 });
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw refusal(path, `, line ${line}`, error.message, error);
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    // Aliases by the thousand, or brackets too deep for it.
    throw refusal(path, '', thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

function refusal(path: string, where: string, why: string, cause: unknown): StudioError {
  const found = why.split('\n')[0]?.replace(/\.$/, '') ?? '';
  return new StudioError(
    'bad-annotation',
    `${path}${where}: it is no YAML (${found}); mend or export it again.`,
    { path },
    { cause },
  );
}

/** Names as a list, or by id. */
function classNames(value: unknown): ReadonlyMap<number, string> | null {
  if (!Array.isArray(value) && !(value instanceof Map)) return null;
  const names = new Map<number, string>();
  for (const [key, name] of value.entries()) {
    const id = Number(key);
    if (!Number.isInteger(id) || id < 0 || !['string', 'number', 'boolean'].includes(typeof name)) continue;
    const text = String(name).trim();
    if (text !== '') names.set(id, text);
  }
  return names;
}
