import type { PictureLabels } from './labels.ts';
import type { ProposedBox, Verdict } from './proposals.ts';

/** One finished action, with what leads back from it. */
export interface Action {
  /** In the past tense, without its full stop: "Box of cat added". */
  readonly what: string;
  /** Null where only the list of classes changed. */
  readonly picture: { readonly sampleId: string; readonly before: PictureLabels; readonly after: PictureLabels } | null;
  /** Null where no class was added. */
  readonly classes: { readonly before: readonly string[]; readonly after: readonly string[] } | null;
  /** Set where the next action with the same words joins this one, as presses of an arrow key do. */
  readonly series?: string;
  /** Proposed boxes that it decided about. */
  readonly verdicts: readonly { readonly proposed: ProposedBox; readonly verdict: Verdict }[];
}

/** What was done and what was undone, without a limit, over all pictures. */
export interface History {
  /** The last one done comes last. */
  readonly done: readonly Action[];
  /** The next one to do again comes last. */
  readonly undone: readonly Action[];
}

export const NO_HISTORY: History = { done: [], undone: [] };

/** After a new action nothing can be done again. One that goes on with the series of the last joins it. */
export function recorded({ done }: History, action: Action): History {
  const last = done.at(-1);
  const joins =
    action.series !== undefined &&
    last?.series === action.series &&
    last.picture !== null &&
    last.picture.sampleId === action.picture?.sampleId;
  if (!joins || last?.picture == null || action.picture === null) return { done: [...done, action], undone: [] };
  const picture = { ...action.picture, before: last.picture.before };
  return { done: [...done.slice(0, -1), { ...action, picture }], undone: [] };
}

/** The action that an undo takes back, and the history after it; null where there is none. */
export function stepBack({ done, undone }: History): { readonly action: Action; readonly history: History } | null {
  const action = done.at(-1);
  if (action === undefined) return null;
  return { action, history: { done: done.slice(0, -1), undone: [...undone, action] } };
}

/** The action that a redo does again, and the history after it; null where there is none. */
export function stepForward({ done, undone }: History): { readonly action: Action; readonly history: History } | null {
  const action = undone.at(-1);
  if (action === undefined) return null;
  return { action, history: { done: [...done, action], undone: undone.slice(0, -1) } };
}
