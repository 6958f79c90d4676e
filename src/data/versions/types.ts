import type { Sample, SplitName } from '../types.ts';

/** A change to what a set holds. What is left out stays as it was. */
export interface SetChange {
  /** Samples as they are from then on: in place of those with the same id, or added. */
  readonly samples?: readonly Sample[];
  /** Ids of samples that are taken out. */
  readonly removed?: readonly string[];
  /** All class names, in the order of their label ids. */
  readonly classes?: readonly string[];
  /** All splits. */
  readonly splits?: Readonly<Record<SplitName, readonly string[]>>;
}

/** A change that is not made yet, and what it does, as a sentence without its full stop. */
export interface ProposedChange {
  readonly change: SetChange;
  readonly what: string;
}

/** What can be done to the classes of a set. */
export type ClassChange =
  | { readonly kind: 'add'; readonly name: string }
  /** To a name that no other class has: the class keeps its label id. */
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  /** All boxes of `from` become `into`'s. */
  | { readonly kind: 'merge'; readonly from: readonly string[]; readonly into: string }
  /** With all their boxes; the pictures stay, and stay labelled. */
  | { readonly kind: 'delete'; readonly names: readonly string[] };

/** How the boxes of one picture, or of many, differ between two versions. */
export interface BoxDifference {
  readonly added: number;
  readonly removed: number;
  /** Moved, of another size, of another class, or with other marks. */
  readonly changed: number;
}

/** How one picture differs between two versions. */
export interface SampleDifference extends BoxDifference {
  readonly sampleId: string;
  readonly picture: 'added' | 'removed' | 'kept';
}

/** How two versions differ. */
export interface SetDifference {
  readonly picturesAdded: number;
  readonly picturesRemoved: number;
  readonly boxes: BoxDifference;
  /** Pictures that are in other splits than before. */
  readonly picturesMoved: number;
  /** Those that differ, in the order of the later version, then those that it lacks. */
  readonly samples: readonly SampleDifference[];
}

/** A state of a set that is kept: it can be looked at, compared and gone back to. */
export interface SetVersion {
  /** 1 is the set as it was imported. */
  readonly number: number;
  /** What a person called it. */
  readonly name: string | null;
  /** What was done to the version before it, as a sentence without its full stop. */
  readonly what: string;
  readonly madeAtMs: number;
  readonly hash: string;
  readonly images: number;
  readonly boxes: number;
  /** From the version before. */
  readonly difference: Omit<SetDifference, 'samples'>;
}

/** The versions of a set, and what was edited since the last of them. */
export interface SetHistory {
  /** The newest first. */
  readonly versions: readonly SetVersion[];
  /** Null where nothing was. */
  readonly open: Omit<SetDifference, 'samples'> | null;
}

/** A version as it is kept: with what leads back from it. */
export interface StoredVersion {
  readonly version: SetVersion;
  /** Applied to this version it gives the one before. */
  readonly undo: SetChange;
}

/** What was edited since the last version. */
export interface OpenEdits {
  /** As they are now, each id once. */
  readonly samples: readonly Sample[];
  /** Null where no class was added. */
  readonly classes: readonly string[] | null;
}
