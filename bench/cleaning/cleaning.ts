import { StudioError } from '../../src/base/errors.ts';
import { alikePairs } from '../../src/data/cleaning/near-duplicates.ts';
import { perceptualHash } from '../../src/data/cleaning/perceptual-hash.ts';
import { decodeWith } from '../../src/data/decode.ts';
import type { DataSet } from '../../src/data/types.ts';
import { decodePixels } from '../../src/platform/node/decode.ts';
import { type BenchRow, ours } from '../report.ts';
import { bitsBetween, DUPLICATE_KINDS, type MadeSet, madeDuplicates, mirrored, randomLooks } from './duplicates.ts';

/** Bits up to which two pictures count as one, around the one that is used. */
const THRESHOLDS = [20, 40, 50, 60, 70, 80, 90, 100];
/** As many pictures as VOC 2012 has. */
const LARGE = 17_125;
const MOST_PICTURES = 160;

/** How well duplicates are told from other pictures, by set and threshold, and what it costs. */
export async function benchCleaning(
  sets: readonly DataSet[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const set of sets) {
    say(`${set.name}: making duplicates`);
    rows.push(...(await ofSet(set, signal)));
  }
  signal.throwIfAborted();
  const looks = randomLooks(LARGE);
  const began = performance.now();
  alikePairs(looks);
  rows.push(ours(`${LARGE} pictures, each with each`, (performance.now() - began) / 1000, 's'));
  return rows;
}

async function ofSet(set: DataSet, signal: AbortSignal): Promise<BenchRow[]> {
  const decode = decodeWith(decodePixels);
  const pictures: Uint8Array[] = [];
  for (const { id } of set.samples.slice(0, MOST_PICTURES)) pictures.push(await set.imageBytes(id));
  signal.throwIfAborted();
  const [first] = pictures;
  if (first === undefined) throw new StudioError('usage', `${set.name} has no picture; expected a set with some.`);
  const madeSet = await madeDuplicates(pictures, decode, signal);
  const decoded = await decode(first);
  const began = performance.now();
  for (let i = 0; i < 10; i += 1) perceptualHash(decoded);
  const of = (name: string, value: number, unit: string) => ours(`${set.name}: ${name}`, value, unit);
  return [
    of('pictures', pictures.length, 'pictures'),
    of('the look of a decoded picture', (performance.now() - began) / 10, 'ms'),
    ...DUPLICATE_KINDS.map((how) => of(`${how}, at most`, mostOf(madeSet, how), 'bits')),
    of('mirrored, at the least', Math.min(...(await mirrored(pictures, decode))), 'bits'),
    ...THRESHOLDS.flatMap((bits) => {
      const { recall, precision, wrong, wrongGiven } = atThreshold(madeSet, bits);
      return [
        of(`${bits} bits, recall`, recall * 100, '%'),
        of(`${bits} bits, precision`, precision * 100, '%'),
        of(`${bits} bits, pairs that are none`, wrong, 'pairs'),
        of(`${bits} bits, of them given pictures`, wrongGiven, 'pairs'),
      ];
    }),
  ];
}

function mostOf({ looks, made }: MadeSet, how: string): number {
  const distances = made.filter((one) => one.how === how).map(({ of, look }) => bitsBetween(looks[of] ?? '', look));
  return Math.max(...distances);
}

/**
 * Of the copies, how many are found by their source; of all pairs that count as one, how many are of one source. `wrong` are the
 * others, and `wrongGiven` those of them that are pairs of given pictures.
 */
function atThreshold({ looks, made }: MadeSet, bits: number) {
  const found = made.filter(({ of, look }) => bitsBetween(looks[of] ?? '', look) <= bits).length;
  const all = [...looks, ...made.map(({ look }) => look)];
  const sourceOf = (place: number) => (place < looks.length ? place : made[place - looks.length]?.of);
  const pairs = alikePairs(all, bits);
  const wrong = pairs.filter(({ a, b }) => sourceOf(a) !== sourceOf(b));
  return {
    recall: found / made.length,
    precision: pairs.length === 0 ? 1 : 1 - wrong.length / pairs.length,
    wrong: wrong.length,
    wrongGiven: wrong.filter(({ b }) => b < looks.length).length,
  };
}
