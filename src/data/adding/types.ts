import type { DataSetSummary, GivenFile, Problem } from '../types.ts';

/** Pictures without labels, and the set that they are to be in. */
export interface AddPicturesRequest {
  readonly files: readonly GivenFile[];
  /** The id of the set that they join; null makes a new one. */
  readonly into: string | null;
  /** What a new set is called, where no other is. */
  readonly name: string;
}

/** What came of it. */
export interface AddPicturesResult {
  readonly summary: DataSetSummary;
  /** Pictures that were added: as unlabelled samples. */
  readonly added: number;
  /** Given pictures whose bytes the set has already, or that were given twice. */
  readonly alreadyThere: number;
  /** A sentence for each that was refused. */
  readonly problems: readonly Problem[];
}
