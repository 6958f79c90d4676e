import { seededRandom } from '../base/random.ts';
import type { Problem } from './types.ts';

/** The list files that are splits; everything else in ImageSets/Main is about one class. */
export const SPLIT_NAMES = ['train', 'val', 'trainval', 'test'] as const;

const TRAIN_SHARE = 0.8;

/** The ids of a split's list file: one a line; byte-order mark, line ends and blanks around do not matter. */
export function readSplitList(bytes: Uint8Array): string[] {
  // TextDecoder takes the byte-order mark away.
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
  return lines.map((line) => line.trim().normalize('NFC')).filter((line) => line !== '');
}

/** A list's ids, each once, in order; repeats are reported. */
export function withoutRepeatedIds(ids: readonly string[], file: string, problems: Problem[]): string[] {
  const distinct = [...new Set(ids)];
  const repeats = ids.length - distinct.length;
  if (repeats > 0) {
    const found = repeats === 1 ? 'One id stands' : `${repeats} ids stand`;
    problems.push({ file, severity: 'warning', reason: `${found} in the list again; each was taken once.` });
  }
  return distinct;
}

/**
 * Sees to it that there is a train and a val split: what lists give is kept; what is missing is drawn, 80 to 20, with the
 * seed, from trainval, else train, else everything that is not in val. Pictures in both are reported, not moved.
 */
export function completeSplits(
  listed: ReadonlyMap<string, readonly string[]>,
  labelledIds: readonly string[],
  seed: number,
  setName: string,
  problems: Problem[],
): Map<string, readonly string[]> {
  const splits = new Map(listed);
  const train = nonEmpty(listed.get('train'));
  const val = nonEmpty(listed.get('val'));
  const warn = (reason: string) => problems.push({ file: setName, severity: 'warning', reason });

  if (train !== null && val !== null) {
    const inTrain = new Set(train);
    const both = val.filter((id) => inTrain.has(id)).length;
    if (both > 0) {
      warn(`${both} pictures are in both train and val, so figures on val will be too good; mend the lists.`);
    }
    return splits;
  }
  if (val !== null) {
    const inVal = new Set(val);
    const rest = labelledIds.filter((id) => !inVal.has(id));
    warn(`There is no list of train; the ${rest.length} labelled pictures outside val were taken.`);
    return splits.set('train', rest);
  }
  const pool = nonEmpty(listed.get('trainval')) ?? train ?? labelledIds;
  const order = seededRandom(seed).shuffle(pool);
  const cut = pool.length < 2 ? pool.length : Math.min(pool.length - 1, Math.round(pool.length * TRAIN_SHARE));
  const chosen = new Set(order.slice(0, cut));
  const source =
    pool === labelledIds ? 'no list of train or val' : `no list of ${train === null ? 'train or val' : 'val'}`;
  warn(`There is ${source}; ${pictures(cut)} for train and ${pool.length - cut} for val were drawn with seed ${seed}.`);
  splits.set(
    'train',
    pool.filter((id) => chosen.has(id)),
  );
  return splits.set(
    'val',
    pool.filter((id) => !chosen.has(id)),
  );
}

function pictures(n: number): string {
  return n === 1 ? '1 picture' : `${n} pictures`;
}

function nonEmpty(ids: readonly string[] | undefined): readonly string[] | null {
  return ids === undefined || ids.length === 0 ? null : ids;
}
