import { BUNDLED_SET_ID } from '../base/bundled.ts';
import type { DataSetIndex, DataSetSummary } from '../rpc/protocol.ts';

/** Why a set stays as it is, as a sentence; null for one that can be edited. */
export function whyFixed({ bundled, picturesOf }: Pick<DataSetSummary, 'bundled' | 'picturesOf'>): string | null {
  if (bundled) return 'The sample set came with the studio and stays as it is.';
  return picturesOf === undefined
    ? null
    : 'These are the first pictures of a set that was being imported: they stay as they are.';
}

/** The same of a set's index: whether it cannot be edited. */
export function isFixed({ id, picturesOf }: Pick<DataSetIndex, 'id' | 'picturesOf'>): boolean {
  return id === BUNDLED_SET_ID || picturesOf !== undefined;
}
