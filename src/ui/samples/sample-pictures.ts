import { useCallback, useSyncExternalStore } from 'react';
import type { DataSetSummary, FirstViewsRequest, PictureViewsRequest, SeenView } from '../../rpc/protocol.ts';
import { useStudio } from '../studio.ts';
import type { Held, PictureShelf } from './picture-shelf.ts';
import type { ShownView } from './shelves.ts';

/** Few heights, so that a window that is drawn wider does not fetch everything again. Device pixels. */
const HEIGHTS = [64, 96, 144, 216, 324, 486];

/** `fetch` has to stay the same function for as long as the key does. */
function useHeld<Value>(shelf: PictureShelf<Value>, key: string, fetch: () => Promise<Value>): Held<Value> {
  const subscribe = useCallback((onChange: () => void) => shelf.hold(key, fetch, onChange), [shelf, key, fetch]);
  return useSyncExternalStore(subscribe, () => shelf.look(key));
}

/** A picture of a data set as an address for `<img>`, of about the height in CSS pixels at which it is shown. */
export function useThumbnail(dataSetId: string, sampleId: string, heightPx: number): Held<string> {
  const { files, shelves } = useStudio();
  const wanted = heightPx * Math.min(window.devicePixelRatio, 2);
  const height = HEIGHTS.find((other) => other >= wanted) ?? HEIGHTS.at(-1) ?? wanted;
  const fetch = useCallback(
    async () => URL.createObjectURL(await files.thumbnail(dataSetId, sampleId, height)),
    [files, dataSetId, sampleId, height],
  );
  return useHeld(shelves.thumbnails, JSON.stringify([dataSetId, sampleId, height]), fetch);
}

/** What a run with these settings would see first. */
export function useFirstViews(
  { id: dataSetId, revision = 0 }: Pick<DataSetSummary, 'id' | 'revision'>,
  request: FirstViewsRequest,
): Held<readonly ShownView[]> {
  const { files, shelves } = useStudio();
  const key = JSON.stringify([dataSetId, request, revision]);
  const fetch = useCallback(async () => {
    const [id, asked] = JSON.parse(key) as [string, FirstViewsRequest];
    return shown(await files.firstViews(id, asked));
  }, [files, key]);
  return useHeld(shelves.views, key, fetch);
}

/** What a run with these settings would see of one picture. */
export function usePictureViews(
  { id: dataSetId, revision = 0 }: Pick<DataSetSummary, 'id' | 'revision'>,
  request: PictureViewsRequest,
): Held<readonly ShownView[]> {
  const { files, shelves } = useStudio();
  const key = JSON.stringify([dataSetId, request, revision]);
  const fetch = useCallback(async () => {
    const [id, asked] = JSON.parse(key) as [string, PictureViewsRequest];
    return shown(await files.pictureViews(id, asked));
  }, [files, key]);
  return useHeld(shelves.views, key, fetch);
}

function shown(views: readonly SeenView<Blob>[]): ShownView[] {
  return views.map(({ picture, ...view }) => ({ ...view, url: URL.createObjectURL(picture) }));
}

/** The encoded picture of a sample as an address for `<img>`, with why it is not there where it can't be had. */
export function useSamplePicture(dataSetId: string, sampleId: string): Held<string> {
  const { files, shelves } = useStudio();
  const fetch = useCallback(
    async () => URL.createObjectURL(new Blob([await files.picture(dataSetId, sampleId)])),
    [files, dataSetId, sampleId],
  );
  return useHeld(shelves.pictures, JSON.stringify([dataSetId, sampleId]), fetch);
}
