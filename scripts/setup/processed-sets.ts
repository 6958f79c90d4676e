import { join } from 'node:path';
import type { Connect, Plugin, PreviewServer, ViteDevServer } from 'vite';
import { OFFERED_SETS_FILE, OFFERED_SETS_FOLDER } from '../../src/base/offered.ts';
import type { OfferedSetsText } from '../../src/data/offered-sets.ts';
import { processedFolder } from './processed-folder.ts';
import { PROJECT_ROOT } from './project-root.ts';

/**
 * Has the development and the preview server offer what `npm run data` has made, for reading. A build offers nothing: its
 * list is there, and empty, so that a page on any host may ask for it.
 */
export function processedSets(folder = join(PROJECT_ROOT, 'data/processed')): Plugin {
  const serve = ({ middlewares, config }: ViteDevServer | PreviewServer): void => {
    const sets = processedFolder(folder, (message) => config.logger.warn(message));
    const below = `${config.base.startsWith('/') ? config.base : '/'}${OFFERED_SETS_FOLDER}/`;
    const answer: Connect.NextHandleFunction = (request, response, next) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      if (!pathname.startsWith(below)) return next();
      sets
        .answer(pathname.slice(below.length), request, response)
        // Not the page that stands for every address: what asks for a set must hear that there is none.
        .then((isAnswered) => isAnswered || response.writeHead(404).end('Not found'))
        .catch(next);
    };
    middlewares.use(answer);
  };
  return {
    name: 'detrain-processed-sets',
    configureServer: serve,
    configurePreviewServer: serve,
    generateBundle() {
      const nothing: OfferedSetsText = { sets: [] };
      const fileName = `${OFFERED_SETS_FOLDER}/${OFFERED_SETS_FILE}`;
      this.emitFile({ type: 'asset', fileName, source: JSON.stringify(nothing) });
    },
  };
}
