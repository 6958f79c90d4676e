import { StudioError } from '../base/errors.ts';
import type { DataSet } from './types.ts';

/** Where a picture's bytes stand in an archive that is not compressed. */
export interface BytePlace {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Everything about a data set in a tar but the bytes of its pictures, made once so that nobody reads the tar to list it. */
export interface TarIndex {
  readonly dataSet: Omit<DataSet, 'imageBytes'>;
  /** By sample id. */
  readonly pictures: Readonly<Record<string, BytePlace>>;
}

/**
 * The data set of an index, with its pictures as copies out of `tarBytes`, which is asked for at the first of them.
 * `imageBytes` throws `not-found`, and as `tarBytes`; `bad-archive` where the tar is shorter than its index.
 */
export function openIndexedTar({ dataSet, pictures }: TarIndex, tarBytes: () => Promise<Uint8Array>): DataSet {
  return {
    ...dataSet,
    async imageBytes(id) {
      const place = Object.hasOwn(pictures, id) ? pictures[id] : undefined;
      if (place === undefined) throw new StudioError('not-found', `The data set has no picture "${id}".`, { id });
      const bytes = await tarBytes();
      const end = place.byteOffset + place.byteLength;
      if (end > bytes.byteLength) {
        const message = `The archive of ${dataSet.name} has ${bytes.byteLength} bytes, and its picture "${id}" ends at byte ${end}. Reload the page.`;
        throw new StudioError('bad-archive', message, { id });
      }
      return bytes.slice(place.byteOffset, end);
    },
  };
}
