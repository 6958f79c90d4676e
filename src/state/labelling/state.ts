import type { BoxXyxy } from '../../base/boxes.ts';
import type { StudioError } from '../../base/errors.ts';
import type { Sample } from '../../rpc/protocol.ts';
import type { SetTally } from './class-counts.ts';
import type { History } from './history.ts';
import type { Flag, PictureLabels } from './labels.ts';
import type { Proposals, ProposedBox } from './proposals.ts';
import type { SaveStatus } from './save-queue.ts';
import type { Selection } from './selection.ts';

/** Whether this tab may edit: `elsewhere` where another tab does, `bundled` for the set that came with the studio. */
export type Access = 'waiting' | 'editing' | 'elsewhere' | 'bundled';

export interface LabellingState {
  readonly setId: string | null;
  readonly name: string;
  readonly phase: 'closed' | 'opening' | 'ready' | 'failed';
  /** Why the set could not be opened. */
  readonly error: StudioError | null;
  readonly access: Access;
  readonly samples: readonly Sample[];
  /** By label id. */
  readonly classes: readonly string[];
  readonly tally: SetTally;
  /** Place of the picture that is shown; -1 where the set has none. */
  readonly at: number;
  readonly labels: PictureLabels;
  readonly selection: Selection;
  /** The class that the next box gets; null while the set has none. */
  readonly chosenClass: string | null;
  /** A box that was drawn while there was no class: it is added with the first one. */
  readonly classless: BoxXyxy | null;
  readonly history: History;
  readonly saving: SaveStatus;
  /**
   * What happened last, for screen readers; `count` tells the same words from before. `isShown` where it cannot be seen on the
   * picture by itself.
   */
  readonly said: { readonly text: string; readonly count: number; readonly isShown: boolean };
  readonly proposals: Proposals;
  /** Proposed boxes that were accepted, changed or refused. */
  readonly decided: ReadonlySet<ProposedBox>;
  /** Ids of pictures in the order in which they are offered for labelling; what is not in it comes after, as it stands in the set. */
  readonly offered: readonly string[];

  /** Opens a set for editing, at a picture or at its first. */
  open(setId: string, sampleId: string | null): Promise<void>;
  /** Gives the right to edit back, once everything is kept. */
  leave(): Promise<void>;
  /** Asks for the right to edit once more, where another tab had it. */
  takeOver(): Promise<void>;
  /** The place of a picture in the set. */
  placeOf(sampleId: string): number | undefined;
  go(place: number): void;
  goTo(sampleId: string): void;
  step(by: 1 | -1): void;
  /** To the next picture that is not labelled yet, in the order in which they are offered, round its end. */
  stepToOpen(by: 1 | -1): void;
  select(selection: Selection): void;
  draw(box: BoxXyxy): void;
  /** Moves or resizes boxes and proposals, by key. Presses of one series are one step of the history. */
  place(places: ReadonlyMap<number, BoxXyxy>, what: 'moved' | 'resized', series?: string): void;
  /** The class of the next box, and of what is selected. */
  choose(className: string): void;
  /** Adds a class at the end of the list, and chooses it. */
  addClass(name: string): void;
  flag(flag: Flag): void;
  /** Deletes the selected boxes, and refuses the selected proposals. */
  remove(): void;
  /** Says of a picture without boxes that it was reviewed, or takes that back. */
  review(labelled: boolean): void;
  copy(): void;
  paste(): void;
  duplicate(): void;
  takeLast(): void;
  undo(): void;
  redo(): void;
  propose(proposals: Proposals): void;
  offer(offered: readonly string[]): void;
  /** The selected proposals, or all that are open. */
  accept(all: boolean): void;
  retrySaving(): void;
  say(text: string): void;
}

/** Reads and changes the state of the editor. */
export interface LabellingStore {
  get(): LabellingState;
  set(part: Partial<LabellingState>): void;
}

/** The picture that is shown; undefined for none. */
export function shownSample({ samples, at }: Pick<LabellingState, 'samples' | 'at'>): Sample | undefined {
  return samples[at];
}

/** Says what happened. */
export function tellReader({ get, set }: LabellingStore, text: string, isShown = true): void {
  set({ said: { text, count: get().said.count + 1, isShown } });
}
