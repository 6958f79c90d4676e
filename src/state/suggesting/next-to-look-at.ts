import type { Sample } from '../../rpc/protocol.ts';
import { offeredPlaces } from '../labelling/offered.ts';
import type { LabellingState } from '../labelling/state.ts';

/** So many of the pictures that come next are looked at before they are shown. */
const AHEAD = 2;
/** So many pictures are looked at for the order, spread over the set: who has labelled some of them trains again first. */
const MOST_LOOKED = 400;

/** The picture that is shown, those that come after it, then `sampled`, as far as they wait for labels and were not seen. */
export function nextToLookAt(
  { samples, at, offered, placeOf }: Pick<LabellingState, 'samples' | 'at' | 'offered' | 'placeOf'>,
  isSeen: (sampleId: string) => boolean,
  sampled: readonly string[],
): Sample | undefined {
  const isWanted = (sample: Sample | undefined): boolean =>
    sample !== undefined && !sample.labelled && !isSeen(sample.id);
  if (isWanted(samples[at])) return samples[at];
  const order = offeredPlaces(samples.length, offered, placeOf);
  const from = order.indexOf(at);
  const round = [...order.slice(from + 1), ...order.slice(0, Math.max(from, 0))];
  const open = round.filter((place) => samples[place]?.labelled === false).slice(0, AHEAD);
  const soon = [...open, at + 1].map((place) => samples[place]).find(isWanted);
  return soon ?? sampled.map((id) => samples[placeOf(id) ?? -1]).find(isWanted);
}

/** Ids of the pictures without labels that are looked at for the order: all of a small set, else some at even distances. */
export function sampledFrom(samples: readonly Sample[]): string[] {
  const open = samples.filter(({ labelled }) => !labelled);
  const step = Math.max(open.length / MOST_LOOKED, 1);
  return open.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)).map(({ id }) => id);
}
