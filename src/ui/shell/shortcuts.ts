import { ROOM_KEYS } from './room-keys.ts';

/** What a key does, anywhere in the studio. */
export type ShortcutAction =
  | { readonly kind: 'go'; readonly path: string }
  | { readonly kind: 'pause' }
  | { readonly kind: 'list' };

/** A key as the browser tells of it, and where it was pressed. */
export interface PressedKey {
  readonly key: string;
  /** With Ctrl, Alt or Command: never ours. */
  readonly modified: boolean;
  /** In a field that takes text. */
  readonly typing: boolean;
  /** On a control that the space bar works, such as a button. */
  readonly onControl: boolean;
  readonly atMs: number;
}

/** So long after `g` a letter still goes to a room. */
const CHORD_MS = 1500;

/** Takes the keys one after the other and says what each does; null for nothing. `g` and a letter go to a room. */
export function shortcutReader(): (pressed: PressedKey) => ShortcutAction | null {
  let wentAtMs = Number.NEGATIVE_INFINITY;
  return ({ key, modified, typing, onControl, atMs }) => {
    const afterG = atMs - wentAtMs <= CHORD_MS;
    wentAtMs = Number.NEGATIVE_INFINITY;
    if (modified || typing) return null;
    const path = ROOM_KEYS[key.toLowerCase()];
    if (afterG && path !== undefined) return { kind: 'go', path };
    if (key.toLowerCase() === 'g') {
      wentAtMs = atMs;
      return null;
    }
    if (key === '?') return { kind: 'list' };
    if (key === ' ' && !onControl) return { kind: 'pause' };
    return null;
  };
}
