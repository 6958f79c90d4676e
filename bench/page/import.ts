import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { shardedSet } from '../../e2e/sharded-set.ts';
import { type BenchRow, ours } from '../report.ts';
import { countMessages, messages } from './messages.ts';
import { rendererMemory } from './renderer-memory.ts';

const PICTURES = 2000;
const PATIENCE_MS = 300_000;

/** Importing 2,000 small pictures into the studio: the time, what the page's process takes more than before, and what is told. */
export async function benchImport(browser: Browser, address: string): Promise<BenchRow[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(countMessages);
  await page.goto(address);
  await page.getByRole('button', { name: 'Train on this' }).waitFor();
  const memory = await rendererMemory(browser);
  const before = await messages(page);
  const seconds = await importPictures(page, PICTURES);
  const told = (await messages(page)) - before;
  const growth = memory?.growthBytes() ?? null;
  await context.close();
  return [
    ours(`import of ${PICTURES.toLocaleString('en-US')} pictures`, seconds, 's'),
    ours('most memory over before, import', growth === null ? null : growth / 1e6, 'MB'),
    ours('messages from the import', told / seconds, 'a second'),
  ];
}

/** Makes a tar of so many pictures and imports it through the Data room. Returns the seconds that the import took. */
export async function importPictures(page: Page, pictures: number, boxesOfFirst = 1): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'detrain-bench-'));
  try {
    const path = join(folder, `small-${pictures}.tar`);
    await writeFile(path, await shardedSet(pictures, { boxesOfFirst }));
    const startMs = Date.now();
    await page.getByLabel('Import data set', { exact: true }).last().setInputFiles(path);
    await page.locator('.import-status[role=status]').getByText('imported').waitFor({ timeout: PATIENCE_MS });
    return (Date.now() - startMs) / 1000;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
