/** A name that every file system takes, made of one that a person gave; `otherwise` where nothing of it is left. */
export function fileStem(name: string, otherwise: string): string {
  const stem = name.trim().replaceAll(/[^\p{L}\p{N}._]+/gu, '-');
  return /[\p{L}\p{N}]/u.test(stem) ? stem.slice(0, 80) : otherwise;
}
