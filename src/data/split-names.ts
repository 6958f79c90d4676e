/** Splits by the words that tools use for them. */
const WORDS: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  trainval: 'trainval',
  test: 'test',
  testing: 'test',
};

/** The split that a path speaks of, in its file's name or else in its nearest folder's: `instances_val2017.json`, `valid/a.jpg`. */
export function splitOfPath(path: string): string | null {
  for (const part of path.split('/').reverse()) {
    for (const word of part.toLowerCase().split(/[^a-z]+/)) {
      const split = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
      if (split !== undefined) return split;
    }
  }
  return null;
}

/** The same of a path's folders alone. */
export function splitOfFolder(path: string): string | null {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? null : splitOfPath(path.slice(0, slash));
}
