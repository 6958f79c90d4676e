import type { BoxXyxy, Size } from '../../src/base/boxes.ts';
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { AnnotatedObject, DataSet, Sample } from '../../src/data/types.ts';

export const BREAKAGES = ['moved', 'relabelled', 'removed', 'doubled'] as const;
export type Breakage = (typeof BREAKAGES)[number];

/** One label that was broken on purpose. */
export interface BrokenLabel {
  readonly sampleId: string;
  readonly breakage: Breakage;
  /** Where the thing is. */
  readonly boxXyxyPx: BoxXyxy;
  /** The box that is wrong now; null where it was removed. */
  readonly wrongXyxyPx: BoxXyxy | null;
}

/** A set of which `share` of all boxes are broken, each kind equally often, at most one in a picture while there are pictures enough. */
export function breakLabels(
  set: DataSet,
  share: number,
  seed: number,
): { readonly set: DataSet; readonly broken: readonly BrokenLabel[] } {
  const random = seededRandom(seed);
  const boxes = set.samples.reduce((sum, { objects }) => sum + objects.length, 0);
  const count = Math.round(boxes * share);
  const order = random.shuffle(set.samples.filter(({ objects }) => objects.length > 0));
  const samples = new Map(set.samples.map((sample) => [sample.id, sample]));
  const broken: BrokenLabel[] = [];
  for (let i = 0; i < count; i += 1) {
    const { id } = order[i % order.length] ?? {};
    const sample = samples.get(id ?? '');
    if (sample === undefined || sample.objects.length === 0) continue;
    const breakage = BREAKAGES[i % BREAKAGES.length] ?? 'moved';
    const one = breakOne(sample, breakage, set.classes, random);
    samples.set(sample.id, one.sample);
    broken.push(one.broken);
  }
  return { set: { ...set, samples: set.samples.map(({ id, ...rest }) => samples.get(id) ?? { id, ...rest }) }, broken };
}

function breakOne(
  sample: Sample,
  breakage: Breakage,
  classes: readonly string[],
  random: Random,
): { readonly sample: Sample; readonly broken: BrokenLabel } {
  const at = random.below(sample.objects.length);
  const object = sample.objects[at] as AnnotatedObject;
  const { boxXyxyPx } = object;
  const { objects, wrongXyxyPx } = broke(sample, object, at);
  return { sample: { ...sample, objects }, broken: { sampleId: sample.id, breakage, boxXyxyPx, wrongXyxyPx } };

  function broke({ objects, size }: Sample, box: AnnotatedObject, place: number) {
    if (breakage === 'removed') return { objects: objects.toSpliced(place, 1), wrongXyxyPx: null };
    if (breakage === 'relabelled') {
      const others = classes.filter((name) => name !== box.className);
      const className = others[random.below(others.length)] ?? box.className;
      return { objects: objects.with(place, { ...box, className }), wrongXyxyPx: boxXyxyPx };
    }
    const wrong = breakage === 'moved' ? moved(boxXyxyPx, size, random) : shaken(boxXyxyPx, size, random);
    const object = { ...box, boxXyxyPx: wrong };
    return {
      objects: breakage === 'moved' ? objects.with(place, object) : [...objects, object],
      wrongXyxyPx: wrong,
    };
  }
}

/** Away by four to eight tenths of its own width and height, as a slip of the hand: some of it still lies on the thing. */
function moved([x0, y0, x1, y1]: BoxXyxy, { h, w }: Size, random: Random): BoxXyxy {
  const by = (length: number, from: number, most: number): number => {
    const far = length * (0.4 + 0.4 * random.uniform()) * (random.uniform() < 0.5 ? -1 : 1);
    // Where there is no room on one side it goes to the other.
    return from + far < 0 || from + far + length > most ? -far : far;
  };
  return inside([x0 + by(x1 - x0, x0, w), y0 + by(y1 - y0, y0, h)], [x1 - x0, y1 - y0], { h, w });
}

/** As a second person would draw it: each side off by up to a twentieth. */
function shaken([x0, y0, x1, y1]: BoxXyxy, { h, w }: Size, random: Random): BoxXyxy {
  const off = (length: number): number => (random.uniform() - 0.5) * 0.1 * length;
  const [dw, dh] = [x1 - x0, y1 - y0];
  return [Math.max(x0 + off(dw), 0), Math.max(y0 + off(dh), 0), Math.min(x1 + off(dw), w), Math.min(y1 + off(dh), h)];
}

function inside([x, y]: readonly [number, number], [dw, dh]: readonly [number, number], { h, w }: Size): BoxXyxy {
  const left = Math.min(Math.max(x, 0), w - dw);
  const top = Math.min(Math.max(y, 0), h - dh);
  return [left, top, left + dw, top + dh];
}
