import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, preview } from 'vite';
import { PORT } from '../../e2e/browser.ts';
import { PROJECT_ROOT } from '../../scripts/setup/project-root.ts';
import { StudioError } from '../../src/base/errors.ts';

/** The studio as it is shipped and, beside it, the same with a trainer that computes nothing; on one origin. */
export interface ServedStudio {
  readonly studio: string;
  readonly longRun: string;
  /** The folder of the built files. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Builds both into a folder of their own and serves them. Throws `internal` where the server has no address. */
export async function serveStudio(): Promise<ServedStudio> {
  const folder = await mkdtemp(join(tmpdir(), 'detrain-bench-'));
  try {
    const common = { root: PROJECT_ROOT, logLevel: 'error' } as const;
    await build({ ...common, build: { outDir: folder, emptyOutDir: true } });
    await build({
      ...common,
      configFile: false,
      base: './',
      plugins: [react()],
      worker: { format: 'es' },
      build: {
        outDir: folder,
        emptyOutDir: false,
        target: 'esnext',
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 4000,
        rolldownOptions: { input: join(PROJECT_ROOT, 'e2e/long-run/long-run.html') },
      },
    });
    const server = await preview({ ...common, build: { outDir: folder }, preview: { port: PORT, host: 'localhost' } });
    const [address] = server.resolvedUrls?.local ?? [];
    if (address === undefined) throw new StudioError('internal', 'The preview server does not say where it answers.');
    return {
      studio: new URL('#/data', address).href,
      longRun: new URL('e2e/long-run/long-run.html#/data', address).href,
      folder,
      async close() {
        await server.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}
