import type { BoxXyxy, Size } from '../../base/boxes.ts';
import type { LabelDoubt } from '../../metrics/label-doubts.ts';
import type { EvalPicture } from '../../rpc/protocol.ts';
import { fixed } from '../numbers.ts';

/** What may be wrong, in words: "Labelled cat; dog was found, 0.93". */
export function doubtWords(
  { kind, truth, found }: Pick<LabelDoubt, 'kind' | 'truth' | 'found'>,
  picture: Pick<EvalPicture, 'truth'>,
  classes: readonly string[],
): string {
  const label = truth === null ? '' : (picture.truth[truth]?.className ?? '');
  const thing = found === null ? '' : `${classes[found.classId] ?? ''} ${fixed(found.score, 2)}`;
  switch (kind) {
    case 'unlabelled':
      return `No label; found ${thing}`;
    case 'class':
      return `Labelled ${label}; found ${thing}`;
    case 'place':
      return `${label} in another place; found ${thing}`;
    case 'doubled':
      return `${label} labelled twice`;
    case 'unfound':
      return `${label} was not found`;
  }
}

/** The part of a picture around boxes, `[x, y, width, height]`: of the shape 4 : 3, with room around them, inside the picture where it can be. */
export function cropAround(
  boxes: readonly BoxXyxy[],
  { h, w }: Size,
): readonly [x: number, y: number, w: number, h: number] {
  const x0 = Math.min(...boxes.map((box) => box[0]));
  const y0 = Math.min(...boxes.map((box) => box[1]));
  const x1 = Math.max(...boxes.map((box) => box[2]));
  const y1 = Math.max(...boxes.map((box) => box[3]));
  const width = Math.max((x1 - x0) * ROOM, ((y1 - y0) * ROOM * 4) / 3, LEAST_PX);
  const height = (width * 3) / 4;
  const place = (middle: number, length: number, most: number): number =>
    length >= most ? (most - length) / 2 : Math.min(Math.max(middle - length / 2, 0), most - length);
  return [place((x0 + x1) / 2, width, w), place((y0 + y1) / 2, height, h), width, height];
}

const ROOM = 1.6;
const LEAST_PX = 40;
