import type { SplitName } from '../types.ts';

/** Pictures that are the same, or nearly: each is linked to another of the group. */
export interface DuplicateGroup {
  /** `exact`: the same bytes, all of them. */
  readonly kind: 'exact' | 'near';
  /** Two at least, in the order of the set. */
  readonly sampleIds: readonly string[];
  /** Bits in which the least alike of the linked pairs differ, of 256; 0 for exact ones. */
  readonly distance: number;
  /** True where one split is trained on and another measured on: figures on that will be too good. */
  readonly leaks: boolean;
}

export type BoxFindingKind = 'tiny' | 'whole' | 'doubled' | 'contradicting';

/** A box that is likely not what was meant. */
export interface BoxFinding {
  readonly kind: BoxFindingKind;
  readonly sampleId: string;
  /** Its place among the sample's objects. */
  readonly box: number;
  /** Of the box that it doubles or contradicts. */
  readonly other: number | null;
  /** A full sentence. */
  readonly reason: string;
}

export type ClassFindingKind = 'alike' | 'rare' | 'not-in-train' | 'not-in-val' | 'unused';

/** Something about class names. */
export interface ClassFinding {
  readonly kind: ClassFindingKind;
  /** For `alike` the ones that may be one class, the one with most boxes first. */
  readonly classes: readonly string[];
  readonly reason: string;
}

/** A picture that could not be looked at. */
export interface UnseenPicture {
  readonly sampleId: string;
  readonly reason: string;
}

/** What was found in a set. */
export interface CleaningReport {
  readonly format: 'detrain-check';
  readonly version: 1;
  readonly name: string;
  readonly hash: string;
  readonly pictures: number;
  readonly duplicates: readonly DuplicateGroup[];
  readonly boxes: readonly BoxFinding[];
  readonly classes: readonly ClassFinding[];
  readonly unseen: readonly UnseenPicture[];
  /** Labelled pictures in which nothing is. */
  readonly empty: number;
  readonly unlabelled: number;
  /** Files that were refused, or taken with a repair, on import. */
  readonly problems: number;
}

/** What a person can have done about what was found. */
export type Fix =
  /** Of each group one picture stays: the labelled one with most boxes, else the largest. */
  | { readonly kind: 'remove-duplicates' }
  /** Each group that leaks goes to train whole. */
  | { readonly kind: 'end-leaks' }
  | { readonly kind: 'remove-doubled-boxes' }
  | { readonly kind: 'remove-tiny-boxes' }
  | { readonly kind: 'merge-classes'; readonly from: readonly string[]; readonly into: string }
  /** New splits, stratified by class; no group of duplicates is divided. */
  | { readonly kind: 'split'; readonly shares: Readonly<Record<SplitName, number>>; readonly seed: number };

/** How far a check is. */
export interface CheckProgress {
  readonly done: number;
  readonly total: number;
  readonly picturesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** A picture's look: 256 bits as 64 hexadecimal digits. */
export type Look = string;
