import type { CocoAnnotation, CocoId } from './coco-annotation.ts';

/** An annotation, and which of the file's it is. */
export interface CocoRow extends CocoAnnotation {
  readonly place: number;
}

/**
 * The annotations of a COCO file in columns. As objects a million of them take three times the memory, and keeping those takes
 * longer than reading them.
 */
export interface CocoRows {
  add(annotation: CocoAnnotation, place: number): void;
  count(): number;
  /** Row `i` of `count()`, made anew. */
  row(i: number): CocoRow;
}

const [CROWD, DIFFICULT, TRUNCATED, OCCLUDED] = [1, 2, 4, 8];

/** Columns without a row. */
export function cocoRows(): CocoRows {
  const places: number[] = [];
  const imageIds: CocoId[] = [];
  const categoryIds: CocoId[] = [];
  /** Four each. */
  const sidesPx: number[] = [];
  const marks: number[] = [];
  return {
    add({ imageId, categoryId, boxXywhPx, crowd, difficult, truncated, occluded }, place) {
      places.push(place);
      imageIds.push(imageId);
      categoryIds.push(categoryId);
      sidesPx.push(...boxXywhPx);
      marks.push(
        (crowd ? CROWD : 0) | (difficult ? DIFFICULT : 0) | (truncated ? TRUNCATED : 0) | (occluded ? OCCLUDED : 0),
      );
    },
    count: () => places.length,
    row(i) {
      const first = 4 * i;
      const mark = marks[i] ?? 0;
      return {
        place: places[i] ?? 0,
        imageId: imageIds[i] ?? '',
        categoryId: categoryIds[i] ?? '',
        boxXywhPx: [sidesPx[first] ?? 0, sidesPx[first + 1] ?? 0, sidesPx[first + 2] ?? 0, sidesPx[first + 3] ?? 0],
        crowd: (mark & CROWD) !== 0,
        difficult: (mark & DIFFICULT) !== 0,
        truncated: (mark & TRUNCATED) !== 0,
        occluded: (mark & OCCLUDED) !== 0,
      };
    },
  };
}
