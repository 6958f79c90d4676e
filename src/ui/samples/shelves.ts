import { createPictureShelf, type PictureShelf } from './picture-shelf.ts';

/** The pictures that are held for showing, as addresses for `<img>`, shared by all rooms. */
export interface Shelves {
  readonly thumbnails: PictureShelf<string>;
  readonly pictures: PictureShelf<string>;
}

/** Empty shelves: one pair a page. */
export function createShelves(): Shelves {
  const dispose = (url: string): void => URL.revokeObjectURL(url);
  return {
    thumbnails: createPictureShelf({ atOnce: 6, mostIdle: 300, dispose }),
    pictures: createPictureShelf({ atOnce: 3, mostIdle: 8, dispose }),
  };
}
