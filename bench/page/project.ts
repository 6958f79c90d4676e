import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { launchOptions } from '../../e2e/browser.ts';
import { shardedSet } from '../../e2e/sharded-set.ts';
import { keptSummary, stepRecordOf } from '../../src/train/test-run-database.ts';
import { type BenchReport, ours } from '../report.ts';
import type { PageBenchOptions } from './page.ts';
import { rendererMemory } from './renderer-memory.ts';
import { serveStudio } from './served-studio.ts';

const PICTURES = 2000;
/** With what each picture has of its own they are as large as VOC's. */
const PICTURE_BYTES = 105_000;
const RUNS = 3;
/** Of each of a run's two checkpoints, in chunks of which the last is smaller. */
const WEIGHT_BYTES = 40_000_000;
const STEPS = 1000;
const PATIENCE_MS = 300_000;

/** A project of 2,000 pictures and three runs, out and in: the time, the memory of the page's process, and whether it is the same. */
export async function benchProject({ executablePath, say }: PageBenchOptions): Promise<BenchReport> {
  say('Building the studio.');
  const served = await serveStudio();
  const folder = await mkdtemp(join(tmpdir(), 'detrain-bench-'));
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath,
    headless: false,
    args: launchOptions.args ?? [],
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  });
  try {
    const browser = context.browser();
    const page = await context.newPage();
    // What esbuild puts around functions that have a name, also in those that are sent to the page.
    await page.addInitScript({ content: 'globalThis.__name = (named) => named;' });
    await page.addInitScript(() => Object.assign(window, { showSaveFilePicker: undefined }));
    await page.goto(served.studio);
    await page.getByRole('button', { name: 'Train on this' }).waitFor();
    const tar = join(folder, 'pictures.tar');
    await writeFile(tar, await shardedSet(PICTURES, { moreBytes: PICTURE_BYTES }));
    await page.getByLabel('Import data set', { exact: true }).last().setInputFiles(tar);
    await page.locator('.import-status[role=status]').getByText('imported').waitFor({ timeout: PATIENCE_MS });
    await rm(tar);
    await seedRuns(page);
    await page.reload();
    await page.getByRole('button', { name: 'Train on this' }).waitFor();
    const before = await digest(page);

    say(`Out (load of the machine: ${loadavg()[0]?.toFixed(1)})`);
    const zip = join(folder, 'project.zip');
    await page.getByRole('button', { name: 'Project', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Save everything/ }).click();
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await save.waitFor();
    const outMemory = browser === null ? null : await rendererMemory(browser);
    const outMs = Date.now();
    const [download] = await Promise.all([page.waitForEvent('download', { timeout: PATIENCE_MS }), save.click()]);
    const outSeconds = (Date.now() - outMs) / 1000;
    const outGrowth = outMemory?.growthBytes() ?? null;
    await download.saveAs(zip);

    const cdp = await context.newCDPSession(page);
    await page.goto('about:blank');
    await cdp.send('Storage.clearDataForOrigin', { origin: new URL(served.studio).origin, storageTypes: 'all' });
    await page.goto(served.studio);
    await page.getByRole('button', { name: 'Train on this' }).waitFor();
    say(`In (load of the machine: ${loadavg()[0]?.toFixed(1)})`);
    await page.getByLabel('Open a project file', { exact: true }).setInputFiles(zip);
    const open = page.getByRole('button', { name: 'Open', exact: true });
    await open.waitFor();
    const inMemory = browser === null ? null : await rendererMemory(browser);
    const inMs = Date.now();
    await open.click();
    await page.getByText(`1 data set and ${RUNS} runs added`).waitFor({ timeout: PATIENCE_MS });
    const inSeconds = (Date.now() - inMs) / 1000;
    const inGrowth = inMemory?.growthBytes() ?? null;
    const same = (await digest(page)) === before;
    return {
      adapter: `Chromium ${browser?.version() ?? ''}`,
      suite: 'project',
      rows: [
        ours('project, bytes', (await stat(zip)).size / 1e6, 'MB'),
        ours('project out', outSeconds, 's'),
        ours('most memory over before, out', outGrowth === null ? null : outGrowth / 1e6, 'MB'),
        ours('project in', inSeconds, 's'),
        ours('most memory over before, in', inGrowth === null ? null : inGrowth / 1e6, 'MB'),
        ours('the same by sha256 (1 for yes)', same ? 1 : 0, ''),
        ours('load of the machine at the end', loadavg()[0] ?? null, 'tasks'),
      ],
    };
  } finally {
    await context.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts runs into the studio's database as training keeps them. */
async function seedRuns(page: Page): Promise<void> {
  const summary = keptSummary('run');
  const records = Array.from({ length: STEPS }, (_, at) => stepRecordOf(at + 1));
  await page.evaluate(
    async ({ summary, records, runs, weightBytes }) => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('detrain');
        request.onsuccess = () => resolve(request.result);
      });
      const put = (name: string, entries: readonly (readonly [IDBValidKey, unknown])[]) =>
        new Promise<void>((resolve, reject) => {
          const transaction = database.transaction(name, 'readwrite');
          for (const [key, value] of entries) transaction.objectStore(name).put(value, key);
          transaction.oncomplete = () => resolve();
          transaction.onerror = () => reject(transaction.error);
        });
      for (let run = 0; run < runs; run += 1) {
        const id = `run-${run}`;
        for (const kind of ['last', 'best']) {
          const bytes = new Uint8Array(weightBytes);
          for (let at = 0; at < weightBytes; at += 65_536) {
            crypto.getRandomValues(bytes.subarray(at, Math.min(weightBytes, at + 65_536)));
          }
          const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
          const chunk = 32 * 2 ** 20;
          const chunks = Math.ceil(weightBytes / chunk);
          for (let at = 0; at < chunks; at += 1) {
            const part = bytes.slice(at * chunk, (at + 1) * chunk).buffer;
            await put('checkpoints', [[[id, kind, 1, 'file', 'model.safetensors', at], part]]);
          }
          const files = [{ name: 'model.safetensors', bytes: weightBytes, chunks, sha256 }];
          await put('checkpoints', [[[id, kind, 1, 'manifest'], { files }]]);
        }
        await put(
          'metrics',
          records.map((record) => [[id, record.step, 'step'], record]),
        );
        const figures = { id, name: id, status: 'done', stepsDone: records.length, checkpointStep: records.length };
        const bytes = 2 * weightBytes + 400 * records.length;
        await put('runs', [[[id], { summary: { ...summary, ...figures, startedAtMs: run, bytes }, run: {} }]]);
      }
      database.close();
    },
    { summary, records, runs: RUNS, weightBytes: WEIGHT_BYTES },
  );
}

/** One sha256 of every picture, record and chunk of weights, with its key. */
async function digest(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('detrain');
      request.onsuccess = () => resolve(request.result);
    });
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => {
        request.onsuccess = () => resolve(request.result);
      });
    const hash = async (bytes: BufferSource) => String(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
    const lines: string[] = [];
    for (const name of ['data-sets', 'pictures', 'runs', 'metrics', 'checkpoints']) {
      for (const key of await asked(database.transaction(name).objectStore(name).getAllKeys())) {
        if (Array.isArray(key) && ['revision', 'looks'].includes(String(key[1]))) continue;
        const value: unknown = await asked(database.transaction(name).objectStore(name).get(key));
        const text = JSON.stringify(value, (field, inner) => {
          // What a run takes on the disk hangs on how many checkpoints it keeps; in which order fields were written says nothing.
          if (name === 'runs' && field === 'bytes') return 0;
          if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
          return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
        });
        const bytes = value instanceof ArrayBuffer ? value : new TextEncoder().encode(text);
        lines.push(`${JSON.stringify(key)} ${await hash(bytes)}`);
      }
    }
    database.close();
    return hash(new TextEncoder().encode(lines.join('\n')));
  });
}
