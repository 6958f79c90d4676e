import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { fileIn, openBrowser } from '../../e2e/own-browser.ts';
import { shardedSet } from '../../e2e/sharded-set.ts';
import { seededRandom } from '../../src/base/random.ts';
import { type BenchReport, ours } from '../report.ts';
import type { PageBenchOptions } from './page.ts';
import { serveStudio } from './served-studio.ts';

const KILLS = 20;
const PICTURES = 3000;
const PATIENCE_MS = 120_000;

/** What the browser keeps of the imported set. */
interface Kept {
  readonly sets: number;
  readonly hash: string;
  readonly images: number;
  readonly pictures: number;
  readonly journals: number;
}

/**
 * Imports of 3,000 pictures whose browser is killed (SIGKILL) at random moments, 20 of them, and that are begun again with the same file:
 * how many end with what an import that was not killed has, nothing missing and nothing double. Throws `signal`'s reason between two of them.
 */
export async function benchKilledImports({ executablePath, say, signal }: PageBenchOptions): Promise<BenchReport> {
  say('Building the studio.');
  const served = await serveStudio();
  const folder = await mkdtemp(join(tmpdir(), 'detrain-bench-'));
  const random = seededRandom(7);
  let [equal, resumed] = [0, 0];
  try {
    const file = await fileIn(folder, 'cats.tar', await shardedSet(PICTURES));
    const whole = await inBrowser(join(folder, 'whole'), executablePath, served.studio, async (page) => {
      const startMs = Date.now();
      await give(page, file);
      await imported(page);
      return { kept: await kept(page), tookMs: Date.now() - startMs };
    });
    for (let kill = 0; kill < KILLS; kill += 1) {
      signal.throwIfAborted();
      const profile = join(folder, `killed-${kill}`);
      const afterMs = Math.round(whole.tookMs * (0.05 + 0.95 * random.uniform()));
      const browser = await openBrowser(profile, executablePath);
      const page = await browser.context.newPage();
      await page.goto(served.studio);
      await page.getByRole('button', { name: 'Train on this' }).waitFor();
      await give(page, file);
      await page.waitForTimeout(afterMs);
      await browser.kill();
      const after = await inBrowser(profile, executablePath, served.studio, async (again) => {
        await give(again, file);
        const said = await imported(again);
        return { kept: await kept(again), said };
      });
      if (/of them|here already/.test(after.said)) resumed += 1;
      if (JSON.stringify(after.kept) === JSON.stringify(whole.kept)) equal += 1;
      say(`${kill + 1} of ${KILLS}: killed after ${afterMs} ms; ${JSON.stringify(after.kept)}`);
      await rm(profile, { recursive: true, force: true });
    }
    return {
      adapter: 'Chromium',
      suite: 'kills',
      rows: [
        ours('imports that end as one that was not killed', equal, `of ${KILLS}`),
        ours('of them gone on from what was stored', resumed, `of ${KILLS}`),
      ],
    };
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

async function inBrowser<Result>(
  profile: string,
  executablePath: string,
  address: string,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const { context } = await openBrowser(profile, executablePath);
  try {
    const page = await context.newPage();
    await page.goto(address);
    await page.getByRole('button', { name: 'Train on this' }).waitFor();
    return await work(page);
  } finally {
    await context.close();
  }
}

async function give(page: Page, file: string): Promise<void> {
  await page.getByLabel('Import data set', { exact: true }).last().setInputFiles(file);
}

async function imported(page: Page): Promise<string> {
  const said = page.locator('.import-status[role=status]').filter({ hasText: /imported|here already/ });
  await said.waitFor({ timeout: PATIENCE_MS });
  return (await said.textContent()) ?? '';
}

/** Reads the database itself, past the studio. As text: some compilers keep functions' names by a helper that no page has. */
function kept(page: Page): Promise<Kept> {
  return page.evaluate(`(async () => {
    const answer = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await answer(indexedDB.open('detrain'));
    const store = (name) => database.transaction(name).objectStore(name);
    const keys = (await answer(store('data-sets').getAllKeys())).filter((key) => key[1] === 'summary');
    const summary = await answer(store('data-sets').get(keys[0]));
    const pictures = await answer(store('pictures').count());
    const journals = await answer(store('imports').count());
    database.close();
    return { sets: keys.length, hash: summary.hash, images: summary.images, pictures, journals };
  })()`);
}
