import type { Page } from 'playwright/test';

/** Everything that is kept here, each value by its sha256; of checkpoints the newest of each file, wherever it lies. */
export async function kept(page: Page): Promise<Record<string, readonly string[]>> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('detrain');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const hex = (bytes: ArrayBuffer) =>
      Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('');
    const all: Record<string, string[]> = {};
    for (const name of ['data-sets', 'pictures', 'runs', 'metrics', 'checkpoints', 'imports']) {
      const store = database.transaction(name).objectStore(name);
      const [keys, values] = await Promise.all(
        [store.getAllKeys(), store.getAll()].map(
          (request) =>
            new Promise<unknown[]>((resolve) => request.addEventListener('success', () => resolve(request.result))),
        ),
      );
      const newest = new Map<string, string>();
      for (const [at, key] of (keys ?? []).entries()) {
        const value = values?.[at];
        const parts = (Array.isArray(key) ? key : [key]) as (string | number)[];
        if (name === 'data-sets' && ['revision', 'looks'].includes(String(parts[1]))) continue;
        const place = name === 'checkpoints' ? [parts[0], parts[1], ...parts.slice(3)] : parts;
        // What a run takes on the disk hangs on how many checkpoints it keeps.
        const text = JSON.stringify(value, (field, inner) => {
          if (name === 'runs' && field === 'bytes') return 0;
          // In which order a record's fields were written says nothing.
          if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
          return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
        });
        const bytes = value instanceof ArrayBuffer ? value : new TextEncoder().encode(text);
        newest.set(JSON.stringify(place), hex(await crypto.subtle.digest('SHA-256', bytes)));
      }
      all[name] = [...newest].map(([place, hash]) => `${place} ${hash}`).sort();
    }
    database.close();
    return all;
  });
}

/** Opens the dialogue that saves everything as a project. */
export async function askToSave(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Project' }).click();
  await page.getByRole('menuitem', { name: /^Save everything/ }).click();
}

/** Deletes what the studio at that address has stored, as a browser does, and opens it anew. */
export async function clearStorage(page: Page, address: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await page.goto('about:blank');
  await cdp.send('Storage.clearDataForOrigin', { origin: new URL(address).origin, storageTypes: 'all' });
  await page.goto('');
}
