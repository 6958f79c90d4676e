import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright/test';
import { launchOptions } from './browser.ts';

/** A browser with a profile that outlives it, so that it can be killed as a crash or a power cut would. */
export interface OwnBrowser {
  readonly context: BrowserContext;
  /** SIGKILL to every process of the browser: nothing is flushed, nothing is said goodbye to. */
  kill(): Promise<void>;
}

/** A new, empty profile folder. */
export function newProfile(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'detrain-profile-'));
}

/** Deletes a profile folder once its browser has ended. */
export function removeProfile(profile: string): Promise<void> {
  return rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

/** Starts the browser of the tests on a profile. */
export async function openBrowser(profile: string): Promise<OwnBrowser> {
  const executable = launchOptions.executablePath ?? chromium.executablePath();
  const args = [
    ...(launchOptions.args ?? []),
    `--user-data-dir=${profile}`,
    '--remote-debugging-port=0',
    'about:blank',
  ];
  // A group of its own: renderers and the GPU process go with it.
  const process = spawn(executable, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const browser: Browser = await chromium.connectOverCDP(await debuggerAddress(process));
  const context = browser.contexts()[0] ?? (await browser.newContext());
  return {
    context,
    async kill() {
      const exited = once(process, 'exit');
      if (process.pid !== undefined) globalThis.process.kill(-process.pid, 'SIGKILL');
      await exited;
      await browser.close().catch(() => {
        // The connection went with the browser.
      });
    },
  };
}

async function debuggerAddress(browser: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of browser.stderr ?? []) {
    said += String(chunk);
    const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
    if (address !== undefined) {
      browser.stderr?.resume();
      return address;
    }
  }
  throw new Error(`The browser did not start: ${said}`);
}
