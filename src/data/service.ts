import { BUNDLED_SET_ID } from '../base/bundled.ts';
import { StudioError, toStudioError } from '../base/errors.ts';
import { sharedPromise } from '../base/shared-promise.ts';
import type { ArrivingSet } from './arriving-set.ts';
import { readImageHeader } from './image-header.ts';
import type { ImportPorts } from './import-data-set.ts';
import { bytesOf, discardImport, PROJECT_SOURCE, partsOf } from './import-journal.ts';
import type { Library } from './library.ts';
import { sweepStore } from './sweep.ts';
import type {
  AddPicturesRequest,
  DecodeImage,
  ExportForm,
  FeatureSpace,
  FirstViewsRequest,
  ImageHeader,
  ImportProgress,
  ImportSource,
  InterruptedImport,
  PictureViewsRequest,
  RgbImage,
} from './types.ts';
import type { GrowSet } from './versions/set-versions.ts';

export interface DataServicePorts<Thumbnail> extends Omit<ImportPorts, 'summaries'> {
  readonly library: Library;
  readonly growSet: GrowSet;
  /** Does the work while no other tab imports; throws `usage` where one does. */
  readonly importing: <T>(work: () => Promise<T>) => Promise<T>;
  /** The list of sets that this site offers, as it came, and its address; null where it cannot be had. */
  readonly offeredSets: () => Promise<{ readonly text: string; readonly url: string } | null>;
  /** Whether some tab imports. */
  readonly isImporting: () => Promise<boolean>;
  /** The name of the run that trains on that set at this moment, or null. */
  readonly runOn: (dataSetId: string) => Promise<string | null>;
  /** What training has kept of the sets. */
  readonly features: FeatureSpace;
  /** Whether some tab trains. */
  readonly isTraining: () => Promise<boolean>;
  /** A picture, decoded and no higher than that. Throws `bad-image`. */
  readonly thumbnail: (bytes: Uint8Array<ArrayBuffer>, header: ImageHeader, heightPx: number) => Promise<Thumbnail>;
  readonly decode: DecodeImage;
  /** A decoded picture in the form of a thumbnail. */
  readonly encode: (image: RgbImage) => Promise<Thumbnail>;
}

/** What work that makes a set is begun with. */
interface Begun {
  readonly signal: AbortSignal;
  /** Hears the id of the set that it makes. */
  readonly onBegin: (id: string) => void;
  /** Hears of a set whose pictures can be seen while they come. */
  readonly onArriving: (set: ArrivingSet) => void;
}

/** Everything that the data worker does with data sets: a `DataApi`. What reads and packs archives is fetched when it is needed. */
export function createDataService<Thumbnail>(ports: DataServicePorts<Thumbnail>) {
  const { library, store } = ports;
  const swept = sharedPromise(() => sweepStore(store, ports.isImporting));
  let current: { readonly abort: AbortController; id: string | null; arriving: ArrivingSet | null } | null = null;

  /** Deletes what was made of the first pictures of a set or an import. Returns the bytes that became free. Throws `usage`. */
  const letGoOfParts = async (id: string): Promise<number> => {
    const parts = await partsOf(store, id);
    for (const part of parts) {
      const run = await ports.runOn(part.id);
      if (run === null) continue;
      const message = `The run "${run}" trains on ${part.name}, whose pictures these are. Stop it before you delete them.`;
      throw new StudioError('usage', message, { id });
    }
    let freedBytes = 0;
    for (const part of parts) {
      freedBytes += await ports.features.bytes(part.id);
      await ports.features.remove(part.id);
      await store.removeSet(part.id);
      library.forget(part.id);
    }
    return freedBytes;
  };

  /** Does work that writes a new set's pictures, while no other does. Throws `usage` where one does. */
  const alone = async <T>(work: (begun: Begun) => Promise<T>): Promise<T> => {
    if (current !== null) {
      throw new StudioError('usage', 'Another import is going on. Wait until it is done, or cancel it.');
    }
    const mine = { abort: new AbortController(), id: null as string | null, arriving: null as ArrivingSet | null };
    current = mine;
    const onBegin = (id: string): void => {
      mine.id = id;
    };
    const onArriving = (set: ArrivingSet): void => {
      mine.arriving = set;
    };
    try {
      await swept.get();
      return await ports.importing(() => work({ signal: mine.abort.signal, onBegin, onArriving }));
    } catch (thrown) {
      throw toStudioError(thrown);
    } finally {
      current = null;
      library.lend(null);
    }
  };

  return {
    async dataSets() {
      // The sample is fetched and read while the storage is opened and tidied.
      await Promise.all([swept.get(), library.index(BUNDLED_SET_ID)]);
      // What another tab imports at this moment was not broken off.
      const elsewhere = current === null && (await ports.isImporting());
      const interrupted: InterruptedImport[] = [];
      for (const { id, name, source, startedAtMs, address = null } of elsewhere ? [] : await store.journals()) {
        if (id === current?.id || source === PROJECT_SOURCE) continue;
        const stored = await store.journalPictures(id);
        const picturesStored = new Set(stored.map(({ path }) => path)).size;
        interrupted.push({ id, name, address, startedAtMs, picturesStored, bytesStored: bytesOf(stored) });
      }
      const [sets, featureBytes] = await Promise.all([library.summaries(), ports.features.bytes()]);
      return { sets, interrupted, featureBytes };
    },

    async offeredSets() {
      const list = await ports.offeredSets();
      if (list === null) return [];
      const { readOfferedSets } = await import('./offered-sets.ts');
      return readOfferedSets(list.text, list.url);
    },

    importDataSet: (source: ImportSource, onProgress: (progress: ImportProgress) => void) =>
      alone(async (begun) => {
        const { importDataSet } = await import('./import-data-set.ts');
        return importDataSet(source, { ...ports, summaries: () => library.summaries() }, { ...begun, onProgress });
      }),

    addPictures: (request: AddPicturesRequest, onProgress: (progress: ImportProgress) => void) =>
      alone(async (begun) => {
        const { addPictures } = await import('./adding/add-pictures.ts');
        return addPictures(request, { ...ports, summaries: () => library.summaries() }, { ...begun, onProgress });
      }),

    async arrivingSet() {
      const set = (await current?.arriving?.now()) ?? null;
      library.lend(current === null ? null : (set?.index ?? null));
      return current === null ? null : set;
    },

    async keepArrived() {
      const arrived = (await current?.arriving?.now()) ?? null;
      if (arrived === null) {
        throw new StudioError('usage', 'No set is being imported any more: choose it among the sets.');
      }
      const { keepPart } = await import('./arriving-set.ts');
      return keepPart(arrived, { ...ports, summaries: () => library.summaries() });
    },

    async cancelImport() {
      current?.abort.abort();
    },

    async discardImport(importId: string) {
      if (importId === current?.id) {
        throw new StudioError('usage', 'This import is going on. Cancel it before you discard what it has stored.');
      }
      if ((await store.index(importId)) !== null) {
        await store.removeJournal(importId);
        return { freedBytes: 0 };
      }
      await letGoOfParts(importId);
      return { freedBytes: await ports.importing(() => discardImport(store, importId)) };
    },

    dataSet: (id: string) => library.index(id),

    picture: (dataSetId: string, sampleId: string) => library.picture(dataSetId, sampleId),

    async thumbnail(dataSetId: string, sampleId: string, heightPx: number) {
      const bytes = await library.picture(dataSetId, sampleId);
      return ports.thumbnail(bytes, readImageHeader(bytes), heightPx);
    },

    async firstViews(dataSetId: string, request: FirstViewsRequest) {
      const [{ firstViews }, dataSet] = await Promise.all([import('./first-views.ts'), library.open(dataSetId)]);
      return firstViews(dataSet, request, ports);
    },

    async pictureViews(dataSetId: string, request: PictureViewsRequest) {
      const [{ pictureViews }, dataSet] = await Promise.all([import('./picture-views.ts'), library.open(dataSetId)]);
      return pictureViews(dataSet, request, ports);
    },

    copyDataSet: (id: string) =>
      alone(async (begun) => {
        const { copySet } = await import('./copy-set.ts');
        return copySet(id, ports, begun);
      }),

    async removeDataSet(id: string) {
      if (id === BUNDLED_SET_ID) {
        const message = 'The sample data set came with the studio: it takes no space of its own and cannot be deleted.';
        throw new StudioError('usage', message);
      }
      const summary = (await store.summaries()).find((set) => set.id === id);
      if (summary === undefined) {
        throw new StudioError('not-found', `There is no data set "${id}" in this browser; it was deleted already.`, {
          id,
        });
      }
      const run = await ports.runOn(id);
      if (run !== null) {
        throw new StudioError(
          'usage',
          `The run "${run}" trains on ${summary.name}. Stop it before you delete the set.`,
          { id },
        );
      }
      const partBytes = await letGoOfParts(id);
      const featureBytes = await ports.features.bytes(id);
      await ports.features.remove(id);
      await store.removeSet(id);
      library.forget(id);
      return { freedBytes: summary.bytes + featureBytes + partBytes };
    },

    async removeFeatures() {
      if (await ports.isTraining()) {
        throw new StudioError('usage', 'A run is going on, and may use the features. Delete them when it has ended.');
      }
      const freedBytes = await ports.features.bytes();
      await ports.features.remove();
      return { freedBytes };
    },

    async exportDataSet(id: string, form: ExportForm = 'voc') {
      const [{ exportSet }, dataSet] = await Promise.all([import('./export-set.ts'), library.open(id)]);
      return exportSet(dataSet, form);
    },
  };
}
