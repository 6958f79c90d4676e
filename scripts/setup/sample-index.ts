import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import { BUNDLED_SET_ID, SAMPLE_INDEX_FILE } from '../../src/base/bundled.ts';
import { sharedPromise } from '../../src/base/shared-promise.ts';
import { indexTar } from '../../src/data/index-tar.ts';
import { SAMPLE_DATA } from '../sources/bundled.ts';

/** Puts the index of the sample data set beside its archive, so that a page lists it before it has fetched the archive. */
export function sampleIndex(): Plugin {
  const json = sharedPromise(async () =>
    JSON.stringify(await indexTar(new Uint8Array(await readFile(SAMPLE_DATA)), BUNDLED_SET_ID)),
  );
  return {
    name: 'detrain-sample-index',
    configureServer: ({ middlewares }) => {
      middlewares.use(`/${SAMPLE_INDEX_FILE}`, (_, response, next) => {
        json.get().then((text) => response.setHeader('content-type', 'application/json').end(text), next);
      });
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: SAMPLE_INDEX_FILE, source: await json.get() });
    },
  };
}
