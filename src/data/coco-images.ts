import type { CocoId } from './coco-annotation.ts';
import type { CocoFile, ListedImage } from './coco-file.ts';
import type { FoundBox } from './place-boxes.ts';
import { tally } from './tally.ts';
import type { Problem } from './types.ts';

/** What a COCO file says of one picture. */
export interface CocoImage extends ListedImage {
  /** Made anew each time. */
  boxes(): FoundBox[];
}

/** The pictures of a COCO file with their boxes. What was left out of the file is told in `problems`. */
export function cocoImages(
  { categories: { names, ...categories }, images, annotations }: CocoFile,
  file: string,
  problems: Problem[],
): CocoImage[] {
  const { rows, segmentations } = annotations;
  for (const list of [categories, images, annotations]) problems.push(...list.problems);
  const faults = tally(file, problems);
  const found = new Map<CocoId, { readonly image: ListedImage; readonly boxRows: number[] }>();
  for (const [id, image] of images.byId) found.set(id, { image, boxRows: [] });
  const leaveOut = (place: number, fault: string) => faults.add(fault, 'annotation', `annotations[${place}]`);
  for (let i = 0; i < rows.count(); i += 1) {
    const { place, imageId, categoryId, boxXywhPx } = rows.row(i);
    const [, , w, h] = boxXywhPx;
    const ofImage = found.get(imageId);
    if (ofImage === undefined) leaveOut(place, 'is of an image that is not listed');
    else if (!names.has(categoryId)) leaveOut(place, 'is of a category that is not listed');
    else if (!(w > 0 && h > 0)) leaveOut(place, 'has a box without width or height');
    else ofImage.boxRows.push(i);
  }
  faults.end();
  if (segmentations > 0) {
    const reason = `${segmentations} annotations have a segmentation; of each the box alone was taken.`;
    problems.push({ file, severity: 'warning', reason });
  }
  const boxAt = (i: number): FoundBox => {
    const { categoryId, boxXywhPx, difficult, truncated, occluded, crowd } = rows.row(i);
    const [x, y, w, h] = boxXywhPx;
    return {
      className: names.get(categoryId) ?? '',
      boxXyxyPx: [x, y, x + w, y + h],
      difficult,
      truncated,
      ...(occluded ? { occluded } : {}),
      ...(crowd ? { crowd } : {}),
    };
  };
  return Array.from(found.values(), ({ image, boxRows }) => ({ ...image, boxes: () => boxRows.map(boxAt) }));
}
