import { FLAGS, type Flag } from './labels.ts';

/** What a key asks of the editor. */
export type LabelCommand =
  | {
      readonly kind: 'arrow';
      readonly x: -1 | 0 | 1;
      readonly y: -1 | 0 | 1;
      readonly far: boolean;
      readonly size: boolean;
    }
  | { readonly kind: 'class'; readonly place: number }
  | { readonly kind: 'flag'; readonly flag: Flag }
  | { readonly kind: PlainCommand };

export type PlainCommand =
  | 'draw'
  | 'previous'
  | 'next'
  | 'next-open'
  | 'previous-open'
  | 'undo'
  | 'redo'
  | 'delete'
  | 'copy'
  | 'paste'
  | 'duplicate'
  | 'take-last'
  | 'select-all'
  | 'nothing-here'
  | 'find-class'
  | 'zoom-in'
  | 'zoom-out'
  | 'fit'
  | 'hide'
  | 'several'
  | 'corner'
  | 'accept-all'
  | 'refuse'
  | 'leave-off'
  | 'cycle-forward'
  | 'cycle-back';

/** A key as the browser tells of it. */
export interface LabelKey {
  readonly key: string;
  /** The key's place on the board, for letters of alphabets other than ours: `KeyA`. */
  readonly code: string;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly atMs: number;
}

const PLAIN: Readonly<Record<string, PlainCommand>> = {
  w: 'draw',
  n: 'draw',
  a: 'previous',
  d: 'next',
  f: 'next-open',
  v: 'take-last',
  e: 'nothing-here',
  c: 'find-class',
  z: 'fit',
  h: 'hide',
  s: 'several',
  x: 'refuse',
  '+': 'zoom-in',
  '=': 'zoom-in',
  '-': 'zoom-out',
  _: 'zoom-out',
  PageUp: 'previous',
  PageDown: 'next',
  Delete: 'delete',
  Backspace: 'delete',
  Escape: 'leave-off',
  Enter: 'corner',
  ' ': 'corner',
  Tab: 'cycle-forward',
};

const WITH_SHIFT: Readonly<Record<string, PlainCommand>> = {
  f: 'previous-open',
  Enter: 'accept-all',
  Tab: 'cycle-back',
  '+': 'zoom-in',
  _: 'zoom-out',
};

const WITH_CTRL: Readonly<Record<string, PlainCommand>> = {
  z: 'undo',
  y: 'redo',
  a: 'select-all',
  c: 'copy',
  v: 'paste',
  d: 'duplicate',
};

const ARROWS: Readonly<Record<string, readonly [-1 | 0 | 1, -1 | 0 | 1]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** As long as `g` waits for the letter of a room. */
const CHORD_MS = 1500;

/**
 * Takes the keys one after the other and says what each asks of the editor; null for nothing. `g` and a letter of
 * `roomLetters` belong to the studio.
 */
export function labelKeyReader(roomLetters: ReadonlySet<string>): (pressed: LabelKey) => LabelCommand | null {
  let wentAtMs = Number.NEGATIVE_INFINITY;
  return ({ key: said, code, shift, ctrl, alt, atMs }) => {
    const afterG = atMs - wentAtMs <= CHORD_MS;
    wentAtMs = Number.NEGATIVE_INFINITY;
    const key = letterOf(said, code);
    const arrow = ARROWS[key];
    if (arrow !== undefined) return { kind: 'arrow', x: arrow[0], y: arrow[1], far: shift, size: ctrl || alt };
    if (alt) return null;
    if (ctrl) {
      const kind = shift ? (key === 'z' ? 'redo' : undefined) : WITH_CTRL[key];
      return kind === undefined ? null : { kind };
    }
    if (!shift && key === 'g') wentAtMs = atMs;
    if (key === 'g' || (afterG && roomLetters.has(key))) return null;
    const digit = digitAt(key, code, shift);
    if (digit !== null) return { kind: 'class', place: (digit + 9) % 10 };
    if (shift) {
      const flag = FLAGS.find((other) => other.key.toLowerCase() === key)?.flag;
      if (flag !== undefined) return { kind: 'flag', flag };
      const kind = WITH_SHIFT[key];
      return kind === undefined ? null : { kind };
    }
    const kind = PLAIN[key];
    return kind === undefined ? null : { kind };
  };
}

/** A letter in lower case, by its place on the board where the alphabet is another one; other keys as they are. */
function letterOf(key: string, code: string): string {
  if (key.length !== 1) return key;
  if (key.charCodeAt(0) > 127 && code.startsWith('Key')) return code.slice(3).toLowerCase();
  return key.toLowerCase();
}

/** A digit, or the key of one on boards that have digits with Shift; null for any other key. */
function digitAt(key: string, code: string, shift: boolean): number | null {
  if (/^[0-9]$/.test(key)) return Number(key);
  const isDigitKey = !shift && code.startsWith('Digit') && PLAIN[key] === undefined;
  return isDigitKey ? Number(code.slice(5)) : null;
}

/** The digit that chooses the class at a place of the list; null past the tenth. */
export function digitOf(place: number): string | null {
  return place < 10 ? String((place + 1) % 10) : null;
}

/** The keys of the editor, in groups, for the list of them. */
export const LABEL_KEYS: readonly {
  readonly title: string;
  readonly keys: readonly { readonly keys: readonly string[]; readonly does: string }[];
}[] = [
  {
    title: 'Boxes',
    keys: [
      { keys: ['w', 'n'], does: 'New box: drag it, or set its two corners with arrow keys and Enter' },
      { keys: ['1', '…', '0'], does: 'Choose one of the first ten classes; of the selected boxes too' },
      { keys: ['c'], does: 'Find a class by its name, or add one' },
      { keys: ['Arrows'], does: 'Move by 1 px; with Shift by 10 px; with Ctrl or Alt change the size' },
      { keys: ['Tab'], does: 'Next box; Shift+Tab goes back; a click again goes to the box below' },
      { keys: ['Shift+click', 'Ctrl+A'], does: 'Select several, or all' },
      { keys: ['Delete'], does: 'Delete what is selected' },
      { keys: ['Ctrl+C', 'Ctrl+V'], does: 'Copy and paste; where nothing was copied, the boxes of the last picture' },
      { keys: ['Ctrl+D'], does: 'Double what is selected' },
      { keys: ['v'], does: 'Take the boxes of the last picture' },
      ...FLAGS.map(({ key, does }) => ({ keys: [`Shift+${key}`], does })),
    ],
  },
  {
    title: 'Pictures',
    keys: [
      { keys: ['a', 'd'], does: 'Previous, next picture' },
      { keys: ['f'], does: 'Next picture that is not labelled yet; Shift+F goes back' },
      { keys: ['e'], does: 'Reviewed, nothing here' },
      { keys: ['+', '-'], does: 'Larger, smaller; the wheel too. Space and drag moves the picture' },
      { keys: ['z'], does: 'The whole picture, or the selected box large' },
      { keys: ['h'], does: 'Hide the boxes, show them again' },
      { keys: ['s'], does: 'Select several: each press takes a box in or out' },
    ],
  },
  {
    title: 'Proposals, and going back',
    keys: [
      { keys: ['Enter', 'x'], does: 'Accept, refuse the selected proposal; Shift+Enter accepts all' },
      { keys: ['Ctrl+Z', 'Shift+Ctrl+Z'], does: 'Undo, redo, over all pictures' },
      { keys: ['Esc'], does: 'Leave off drawing, then select nothing' },
    ],
  },
];
