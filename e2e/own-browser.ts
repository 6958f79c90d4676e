import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base, chromium } from 'playwright/test';
import { launchOptions } from './browser.ts';

/** A browser whose profile outlives it, so that it can be killed as a crash or a power cut would. */
export interface OwnBrowser {
  readonly context: BrowserContext;
  /** SIGKILL: nothing is flushed, nothing is said goodbye to. */
  kill(): Promise<void>;
}

/** Starts a browser on that profile: that of the tests where none is named. */
export async function openBrowser(profile: string, executablePath?: string): Promise<OwnBrowser> {
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    ...(executablePath !== undefined && { executablePath }),
    viewport: { width: 1440, height: 900 },
  });
  const session = await context.browser()?.newBrowserCDPSession();
  const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
  const pid = processInfo.find(({ type }) => type === 'browser')?.id;
  return {
    context,
    async kill() {
      if (pid === undefined) throw new Error('The browser does not say which process it is.');
      const closed = context.waitForEvent('close');
      process.kill(pid, 'SIGKILL');
      await closed;
    },
  };
}

interface Fixtures {
  /** A folder that goes with the test. */
  readonly folder: string;
  /** Starts the browser of the tests on the test's own profile; one at a time. */
  readonly reopen: () => Promise<OwnBrowser>;
}

/** Tests that start and kill their browser themselves. */
export const test = base.extend<Fixtures>({
  folder: async ({ baseURL: _ }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'detrain-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  },
  reopen: async ({ folder }, use) => {
    const opened: OwnBrowser[] = [];
    await use(async () => {
      const browser = await openBrowser(join(folder, 'profile'));
      opened.push(browser);
      return browser;
    });
    for (const { context } of opened) await context.close();
  },
});

/** Writes a file to be given to the page by its path. */
export async function fileIn(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
