import { StudioError } from '../../base/errors.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';

/** Port: takes the right to edit a set, which one tab of a browser has at a time; null where another has it. */
export type HoldEditing = (setId: string) => Promise<(() => void) | null>;

/** The right of this tab to edit sets. */
export interface EditingRight {
  /** Takes it until it is given back; false where another tab has it. */
  take(setId: string): Promise<boolean>;
  giveBack(setId: string): void;
  /** Does work that edits the set, one after the other. Throws `usage` where another tab has the right. */
  editing<T>(setId: string, work: () => Promise<T>): Promise<T>;
}

export function editingRight(hold: HoldEditing): EditingRight {
  const held = new Map<string, () => void>();
  const inTurn = oneAtATime();

  return {
    take: (setId) =>
      inTurn(async () => {
        if (held.has(setId)) return true;
        const release = await hold(setId);
        if (release !== null) held.set(setId, release);
        return release !== null;
      }),
    giveBack(setId) {
      held.get(setId)?.();
      held.delete(setId);
    },
    editing: (setId, work) =>
      inTurn(async () => {
        if (held.has(setId)) return work();
        const release = await hold(setId);
        if (release === null) {
          const message =
            'Another tab of this browser edits this data set. Close the editor there, or go on in that tab; here the set can be looked at.';
          throw new StudioError('usage', message, { setId });
        }
        try {
          return await work();
        } finally {
          release();
        }
      }),
  };
}
