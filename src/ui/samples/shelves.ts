import type { Size } from '../../base/boxes.ts';
import type { SeenBox } from '../../rpc/protocol.ts';
import { createPictureShelf, type PictureShelf } from './picture-shelf.ts';

/** What training sees of a picture, the picture as an address for `<img>`. */
export interface ShownView {
  readonly sampleId: string;
  /** As which picture of the run it is drawn. */
  readonly drawn: number;
  readonly url: string;
  readonly size: Size;
  readonly boxes: readonly SeenBox[];
}

/** The pictures that are held for showing, as addresses for `<img>`, shared by all rooms. */
export interface Shelves {
  readonly thumbnails: PictureShelf<string>;
  readonly pictures: PictureShelf<string>;
  readonly views: PictureShelf<readonly ShownView[]>;
}

/** Empty shelves: one of each a page. */
export function createShelves(): Shelves {
  const dispose = (url: string): void => URL.revokeObjectURL(url);
  return {
    thumbnails: createPictureShelf({
      atOnce: 6,
      mostIdle: 300,
      dispose,
      turns: { most: 6, next: (show) => requestAnimationFrame(show) },
    }),
    pictures: createPictureShelf({ atOnce: 3, mostIdle: 8, dispose }),
    views: createPictureShelf({
      atOnce: 1,
      mostIdle: 4,
      dispose: (views) => {
        for (const { url } of views) dispose(url);
      },
    }),
  };
}
