import { StudioError } from '../../base/errors.ts';
import type { AnnotatedObject, DataSetIndex, Sample } from '../types.ts';

/**
 * Edited samples as they may be kept: id, picture and size are the set's own, boxes lie inside the picture, class names have no
 * blanks around. Throws `usage` for a picture that the set lacks, a class without a name, and a box that is no box.
 */
export function soundSamples(index: DataSetIndex, edited: readonly Sample[]): Sample[] {
  const byId = new Map(index.samples.map((sample) => [sample.id, sample]));
  return edited.map(({ id, objects, labelled }) => {
    const own = byId.get(id);
    if (own === undefined) {
      const message = `${index.name} has no picture "${id}" any more: it was taken out of the set. Open the set again.`;
      throw new StudioError('usage', message, { id });
    }
    const sound = objects.map((object) => soundObject(object, own));
    return { ...own, objects: sound, labelled: labelled || sound.length > 0 };
  });
}

function soundObject(object: AnnotatedObject, { id, size }: Sample): AnnotatedObject {
  const className = object.className.trim().normalize('NFC');
  if (className === '') {
    throw new StudioError('usage', `A box of "${id}" has no class; choose one for it.`, { id });
  }
  const [x0, y0, x1, y1] = object.boxXyxyPx;
  const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
  const boxXyxyPx = [within(x0, size.w), within(y0, size.h), within(x1, size.w), within(y1, size.h)] as const;
  if (!boxXyxyPx.every(Number.isFinite) || boxXyxyPx[2] <= boxXyxyPx[0] || boxXyxyPx[3] <= boxXyxyPx[1]) {
    const message = `A box of "${id}" is ${[x0, y0, x1, y1].join(', ')}, which has no area inside the picture; draw it again.`;
    throw new StudioError('usage', message, { id });
  }
  return { ...object, className, boxXyxyPx };
}
