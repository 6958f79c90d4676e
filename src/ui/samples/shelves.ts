import { createPictureShelf, type PictureShelf } from './picture-shelf.ts';

/** The pictures that are held for showing, shared by all rooms. */
export interface Shelves {
  readonly thumbnails: PictureShelf<ImageBitmap>;
  readonly urls: PictureShelf<string>;
}

/** Empty shelves: one pair a page. */
export function createShelves(): Shelves {
  return {
    thumbnails: createPictureShelf({ atOnce: 6, mostIdle: 300, dispose: (bitmap: ImageBitmap) => bitmap.close() }),
    urls: createPictureShelf({ atOnce: 3, mostIdle: 8, dispose: (url: string) => URL.revokeObjectURL(url) }),
  };
}
