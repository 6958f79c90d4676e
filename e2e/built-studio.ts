import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BASE_URL, PORT } from './browser.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Not through npx: what is started is what has to be ended. */
const VITE = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));

/** A server of the studio that ends with `close`. */
export interface BuiltStudio {
  close(): void;
}

/** Builds the studio into a folder of its own and serves it at BASE_URL. Throws where it does not build or nothing answers. */
export async function serveBuiltStudio(): Promise<BuiltStudio> {
  const folder = mkdtempSync(join(tmpdir(), 'detrain-built-'));
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  const built = spawnSync(
    process.execPath,
    [VITE, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (built.status !== 0) {
    forget();
    throw new Error('The studio could not be built: see above.');
  }
  const base = new URL(BASE_URL).pathname;
  const server: ChildProcess = spawn(
    process.execPath,
    [VITE, 'preview', '--outDir', folder, '--strictPort', '--port', String(PORT), '--base', base],
    { cwd: ROOT, stdio: 'ignore', env: { DETRAIN_PROCESSED: 'test-results/no-sets', ...process.env } },
  );
  const close = (): void => {
    server.kill();
    forget();
  };
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(BASE_URL).catch(() => null);
    if (answer?.ok === true && server.exitCode === null) return { close };
    if (server.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  close();
  throw new Error(`Nothing of ours answers at ${BASE_URL}. Is port ${PORT} taken? DETRAIN_E2E_PORT names another.`);
}
