import { ERROR_KINDS } from '../../metrics/error-kinds.ts';
import type { PicturesOf } from '../../state/evaluation.ts';
import { ERROR_NAMES } from './error-names.ts';

/** What a cell of the confusion matrix counts, in words; the number of classes stands for "nothing there" and "missed". */
export function cellWords(classes: readonly string[], truth: number, found: number): string {
  const there = classes[truth];
  const taken = classes[found];
  if (there === undefined) return `${taken ?? 'nothing'} found where nothing is`;
  if (taken === undefined) return `${there} missed`;
  return there === taken ? `${there} found as such` : `${there} taken for ${taken}`;
}

/** Which pictures are shown, in words. */
export function picturesWords(of: PicturesOf, classes: readonly string[]): string {
  if (of.kind === 'all') return 'all pictures';
  if (of.kind === 'cell') return cellWords(classes, of.truth, of.found);
  const kind = ERROR_KINDS.find((other) => other === of.error);
  return kind === undefined ? of.error : `errors of the kind "${ERROR_NAMES[kind].name}"`;
}
