import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { launchOptions, PORT } from '../../e2e/browser.ts';
import { PROJECT_ROOT } from '../../scripts/setup/project-root.ts';
import { rendererMemory } from '../page/renderer-memory.ts';
import type { BenchReport } from '../report.ts';
import { ours } from '../report.ts';
import { tinyDefine } from '../tiny-define.ts';

export interface InBrowser {
  /** The Chromium to start. */
  readonly executablePath: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A suite that needs a device alone, in a worker of a page. Throws what the suite throws, and `signal`'s reason once it is aborted. */
export async function runInBrowser(suite: string, { executablePath, say, signal }: InBrowser): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'detrain-bench-'));
  const common = { root: PROJECT_ROOT, configFile: false, logLevel: 'error' } as const;
  try {
    await build({
      ...common,
      publicDir: false,
      base: './',
      define: await tinyDefine(),
      worker: { format: 'es' },
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'esnext',
        chunkSizeWarningLimit: 20_000,
        rolldownOptions: { input: join(PROJECT_ROOT, 'bench/browser/bench.html') },
      },
    });
    const server = await preview({ ...common, build: { outDir: folder }, preview: { port: PORT, host: 'localhost' } });
    const browser = await chromium.launch({ executablePath, headless: false, args: launchOptions.args ?? [] });
    const close = () => browser.close();
    signal.addEventListener('abort', close);
    try {
      const page = await browser.newPage();
      await page.exposeFunction('heardFromBench', (message: { line?: string }) => {
        if (message.line) say(message.line);
      });
      await page.goto(new URL('bench/browser/bench.html', server.resolvedUrls?.local[0]).href);
      await page.waitForFunction(() => 'runSuite' in window);
      const memory = await rendererMemory(browser);
      const report = await page.evaluate((name) => window.runSuite(name), suite);
      const growth = memory?.growthBytes() ?? null;
      const rows = [...report.rows, ours('most memory over before', growth === null ? null : growth / 1e6, 'MB')];
      return { ...report, rows, adapter: `${report.adapter}, Chromium ${browser.version()}` };
    } catch (thrown) {
      signal.throwIfAborted();
      throw thrown;
    } finally {
      signal.removeEventListener('abort', close);
      await browser.close();
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
