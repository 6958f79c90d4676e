import { createLibrary } from '../src/data/library.ts';
import type { DataSet } from '../src/data/types.ts';
import { browserAdapterStore } from '../src/platform/browser/adapter-store.ts';
import { browserDataSetStore } from '../src/platform/browser/data-set-store.ts';
import { studioDatabase } from '../src/platform/browser/database.ts';
import { browserFeatureSpace, browserFeatureStore } from '../src/platform/browser/feature-store.ts';
import { browserHubStore } from '../src/platform/browser/hub-store.ts';
import { browserRunDatabase } from '../src/platform/browser/run-store.ts';
import { tellOutdated } from '../src/rpc/outdated.ts';
import { bundledDataSet } from './bundled-data-set.ts';

const database = studioDatabase(tellOutdated);

/** Where they are kept. */
export const dataSetStore = browserDataSetStore(database);

/** The data sets of this browser, the bundled one among them. */
export const library = createLibrary(dataSetStore, bundledDataSet);

/** The features that training keeps of a data set. */
export const featuresOf = (dataSetId: string) => browserFeatureStore(database, dataSetId);

/** The space that they take. */
export const featureSpace = browserFeatureSpace(database);

/** What was measured on this browser's adapters. */
export const adapters = browserAdapterStore(database);

/** The models of the hub that are kept in this browser. */
export const hubStore = browserHubStore(database);

/** The runs of this browser. */
export const keptRuns = browserRunDatabase(database);

/** A data set as it is kept now, or the version of that hash: it may have been deleted since it was last opened. Throws `not-found`. */
export async function openDataSet(id: string, hash?: string): Promise<DataSet> {
  library.forget(id);
  return library.open(id, hash);
}
