import { makeZip } from 'client-zip';
import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { hash32 } from '../base/hash.ts';
import { PROJECT_MANIFEST } from '../base/project-format.ts';
import { asyncRefusalOf } from '../base/test-refusal.ts';
import { hashDataSet } from '../data/data-set-hash.ts';
import { countSet } from '../data/set-figures.ts';
import { sweepStore } from '../data/sweep.ts';
import { readZipEntries } from '../data/zip-entries.ts';
import { loadGeneration } from '../train/checkpoint-generations.ts';
import { runHistory, sweepStrayRuns } from '../train/kept-runs.ts';
import {
  addRun,
  contentOf,
  importSet,
  projectOf,
  TEST_SETTINGS,
  type TestBrowser,
  testBrowser,
} from './test-project.ts';

const take = (browser: TestBrowser, file: Blob, mode: 'merge' | 'beside' = 'merge') =>
  browser.project.importProject(file, 'all.zip', mode, () => undefined);

/** Two sets that share pictures, one of them with versions and an open edit, and a run on each. */
async function fullBrowser(): Promise<TestBrowser & { readonly cats: string; readonly dogs: string }> {
  const browser = testBrowser();
  const cats = await importSet(browser, 6, 'cats');
  const dogs = await importSet(browser, 4, 'dogs');
  const { versions, library } = browser;
  const [first, second] = (await library.index(cats)).samples;
  if (first === undefined || second === undefined) throw new Error('no samples');
  await versions.changeSet(cats, { removed: [first.id] }, 'One taken out');
  await versions.editSamples(cats, [{ ...second, objects: [] }]);
  await addRun(browser, 'run-a', cats);
  await addRun(browser, 'run-bb', dogs);
  return { ...browser, cats, dogs };
}

async function filesOf(zip: Blob): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const entry of readZipEntries(zip, 'zip', { maxBytes: 1e9, problems: [] })) {
    files.set(entry.path, await entry.read());
  }
  return files;
}

async function zipOf(files: ReadonlyMap<string, Uint8Array | string>): Promise<Blob> {
  return new Response(makeZip([...files].map(([name, input]) => ({ name, input })))).blob();
}

async function withManifest(zip: Blob, change: (manifest: Record<string, unknown>) => void): Promise<Blob> {
  const files: Map<string, Uint8Array | string> = await filesOf(zip);
  const manifest = JSON.parse(new TextDecoder().decode(files.get(PROJECT_MANIFEST) as Uint8Array)) as Record<
    string,
    unknown
  >;
  change(manifest);
  return zipOf(files.set(PROJECT_MANIFEST, JSON.stringify(manifest)));
}

test('a project that goes out and comes in elsewhere is the same, with versions, edits, metrics and weights', async () => {
  const from = await fullBrowser();
  const zip = await projectOf(from);
  const to = testBrowser();
  const result = await take(to, zip);
  expect(result.sets.added.map(({ name }) => name)).toEqual(['cats', 'dogs']);
  expect(result.runs.added.map(({ id }) => id)).toEqual(['run-a', 'run-bb']);
  expect(await contentOf(to)).toEqual(await contentOf(from));

  const restored = await to.versions.restoreVersion(from.cats, 1);
  expect(restored.hash).toBe((await from.versions.setHistory(from.cats)).versions.at(-1)?.hash);
  expect((await runHistory(to.database, 'run-a', false)).steps.map(({ step }) => step)).toEqual([1, 2, 3]);
  const last = await loadGeneration(to.database.checkpoints, 'run-a', 'last');
  expect(last?.files.get('model.safetensors')?.byteLength).toBe(3000);
});

test('the settings come along; a file of the first version has none, and is opened all the same', async () => {
  const from = testBrowser();
  await importSet(from, 3);
  const zip = await projectOf(from);
  expect((await take(testBrowser(), zip)).settings).toEqual(TEST_SETTINGS);

  const files = await filesOf(zip);
  files.delete('settings.json');
  const first = await withManifest(await zipOf(files), (manifest) => {
    manifest.version = 1;
    manifest.parts = (manifest.parts as { path: string }[]).filter(({ path }) => path !== 'settings.json');
  });
  const result = await take(testBrowser(), first);
  expect(result).toMatchObject({ settings: null, sets: { added: [{ name: 'cats' }] } });

  const wrong = await projectOf(from, { ...TEST_SETTINGS, classColours: { even: 99 } });
  await expect(take(testBrowser(), wrong)).rejects.toMatchObject({
    code: 'bad-archive',
    message: expect.stringContaining('"settings.json" at classColours.even'),
  });
});

test('every mark that a box may have comes back with it', async () => {
  const from = testBrowser();
  const id = await importSet(from, 3);
  const [sample] = (await from.library.index(id)).samples;
  const [object] = sample?.objects ?? [];
  if (sample === undefined || object === undefined) throw new Error('no box');
  const marked = { ...object, difficult: true, truncated: true, occluded: true, crowd: true } as const;
  await from.versions.editSamples(id, [{ ...sample, objects: [marked] }]);
  await from.versions.sealVersion(id);
  const to = testBrowser();
  await take(to, await projectOf(from));
  expect((await to.library.index(id)).samples.find((other) => other.id === sample.id)?.objects).toEqual([marked]);
});

test('a set that shares the pictures of another goes out with them, and comes in as a set of its own', async () => {
  const from = testBrowser();
  const cats = await importSet(from, 4);
  const index = await from.library.index(cats);
  const samples = index.samples.slice(0, 2);
  const digests = new Map(Object.entries((await from.store.pictureSha256(cats)) ?? {}));
  const paths = new Map(samples.map(({ id, imagePath }) => [id, imagePath]));
  const hash = await hashDataSet(samples, async (id) => digests.get(paths.get(id) ?? '') ?? '');
  const part = { ...index, id: 'part', name: 'cats (first 2 pictures)', samples, splits: {}, hash, picturesOf: cats };
  const summary = { ...countSet(part), bundled: false, bytes: 0, importedAtMs: 1, picturesOf: cats };
  await from.store.writeSet({ summary, index: part });
  const { file } = await from.project.exportProject(
    { sets: ['part'], runs: [], settings: TEST_SETTINGS },
    'part.zip',
    null,
    () => undefined,
  );
  if (file === null) throw new Error('it went elsewhere');
  const to = testBrowser();
  await take(to, file.blob);
  expect(await to.store.summaries()).toMatchObject([{ id: 'part', images: 2, hash }]);
  expect((await to.store.summaries())[0]?.bytes).toBeGreaterThan(0);
  const [first] = samples;
  const bytes = await to.library.picture('part', first?.id ?? '');
  expect(bytes).toEqual(await from.library.picture(cats, first?.id ?? ''));
});

test('pictures that several sets have are in the file once, and the receipt is of the file', async () => {
  const from = await fullBrowser();
  const zip = await projectOf(from);
  const pictures = [...(await filesOf(zip)).keys()].filter((path) => path.startsWith('pictures/'));
  expect(pictures).toHaveLength(6);
  const { receipt } = await from.project.exportProject(
    { sets: [from.cats], runs: [], settings: TEST_SETTINGS },
    'a',
    null,
    () => undefined,
  );
  expect(receipt).toMatchObject({ sets: 1, runs: 0, parts: 9 });
});

test('what is there already is not added again; side by side all is', async () => {
  const browser = await fullBrowser();
  const zip = await projectOf(browser);
  const before = await contentOf(browser);
  const again = await take(browser, zip);
  expect(again.sets).toMatchObject({ added: [], there: [{ name: 'cats' }, { name: 'dogs' }] });
  expect(again.runs).toMatchObject({ added: [], there: [{ id: 'run-a' }, { id: 'run-bb' }] });
  expect(await contentOf(browser)).toEqual(before);

  const beside = await take(browser, zip, 'beside');
  expect(beside.sets.added.map(({ name }) => name)).toEqual(['cats 2', 'dogs 2']);
  const [, , copy] = (await browser.database.runs.values([])).map(({ summary }) => summary);
  expect((await browser.store.summaries()).map(({ id }) => id)).toContain(copy?.dataSet.id);
  const after = await contentOf(browser);
  expect(after.sets.filter(({ index }) => !index.name.endsWith('2'))).toEqual(before.sets);
});

test('a set with the same id and other content comes in beside it, and its run finds it', async () => {
  const from = testBrowser();
  await addRun(from, 'run', await importSet(from, 6, 'cats'));
  const to = testBrowser();
  await addRun(to, 'run', await importSet(to, 3, 'cats'), 100);
  const before = await contentOf(to);
  const result = await take(to, await projectOf(from));
  expect(result.sets.added).toEqual([{ id: 'new-1', name: 'cats 2' }]);
  expect(result.runs.added).toEqual([{ id: 'new-2', name: 'run 2' }]);
  const run = await to.database.runs.get(['new-2']);
  expect(run?.summary.dataSet).toMatchObject({ id: 'new-1', name: 'cats 2' });
  expect(run?.run.data).toBe('new-1');
  const after = await contentOf(to);
  expect(after.sets[0]).toEqual(before.sets[0]);
  expect(after.runs.filter(({ summary }) => summary.id === 'run')).toEqual(before.runs);
});

test('a run that comes alone finds the set that has the content it was trained on', async () => {
  const from = testBrowser();
  const set = await importSet(from, 3, 'cats');
  await addRun(from, 'run', set);
  const { file } = await from.project.exportProject(
    { sets: [], runs: ['run'], settings: TEST_SETTINGS },
    'run.zip',
    null,
    () => undefined,
  );
  const to = testBrowser();
  await importSet(to, 6, 'dogs');
  const same = await importSet(to, 3, 'my cats');
  await take(to, file?.blob ?? new Blob());
  expect((await to.database.runs.get(['run']))?.summary.dataSet).toMatchObject({ id: same, name: 'my cats' });
});

test('a run that trains is not written', async () => {
  const browser = testBrowser({ isTraining: async () => true });
  await addRun(browser, 'run', await importSet(browser, 2));
  await browser.database.runs.update(['run'], (record) => ({
    ...record,
    summary: { ...record.summary, status: 'going' },
  }));
  expect(await asyncRefusalOf(projectOf(browser))).toMatchObject({ code: 'usage', message: /training/ });
});

const bytesOf = async (zip: Blob) => new Uint8Array(await zip.arrayBuffer());
const REFUSED: readonly (readonly [string, (zip: Blob) => Promise<Blob>, RegExp])[] = [
  ['cut off', async (zip) => zip.slice(0, zip.size - 2000), /cut off/],
  ['cut off before its middle', async (zip) => zip.slice(0, 900), /cut off/],
  [
    'changed by a byte',
    async (zip) => {
      const bytes = await bytesOf(zip);
      // In the first picture's pixels.
      const at = new TextDecoder('latin1').decode(bytes).indexOf('BM') + 100;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return new Blob([bytes]);
    },
    /"pictures\/[0-9a-f]{64}"/,
  ],
  [
    'changed with a checksum of the zip that fits',
    async (zip) => {
      const files = await filesOf(zip);
      const [path, bytes] = [...files].find(([name]) => name.endsWith('/last/0.0')) ?? ['', new Uint8Array()];
      bytes[7] = (bytes[7] ?? 0) ^ 1;
      return zipOf(files.set(path, bytes));
    },
    /was changed at "runs\/1\/last\/0\.0": its sha256/,
  ],
  [
    'of a newer version',
    (zip) =>
      withManifest(zip, (manifest) => {
        manifest.version = 3;
      }),
    /version 3, and this studio reads version 2.*Reload/,
  ],
  [
    'with a name that leads out',
    async (zip) => zipOf((await filesOf(zip)).set('../evil', new Uint8Array(1))),
    /"\.\.\/evil"/,
  ],
  [
    'with __proto__ as a name',
    async (zip) => zipOf((await filesOf(zip)).set('__proto__/a', new Uint8Array(1))),
    /__proto__/,
  ],
  [
    'with __proto__ in a document',
    async (zip) => {
      const files: Map<string, Uint8Array | string> = await filesOf(zip);
      const text = new TextDecoder().decode(files.get(PROJECT_MANIFEST) as Uint8Array);
      return zipOf(files.set(PROJECT_MANIFEST, text.replace('{', '{"__proto__":{"a":1},')));
    },
    /__proto__/,
  ],
  [
    'with a file beside',
    async (zip) => zipOf((await filesOf(zip)).set('more.txt', new Uint8Array(1))),
    /holds "more.txt"/,
  ],
  [
    'without a part',
    async (zip) => {
      const files = await filesOf(zip);
      files.delete('sets/1.json');
      return zipOf(files);
    },
    /lists "sets\/1.json", which is not there/,
  ],
  [
    'with another size',
    (zip) =>
      withManifest(zip, (manifest) => {
        const first = (manifest.parts as { path: string; byteLength: number }[]).find(({ path }) => /^sets/.test(path));
        if (first) first.byteLength += 1;
      }),
    /gives "sets\/1.json" \d+ bytes, and it has \d+/,
  ],
  [
    'with a set that is not listed',
    (zip) =>
      withManifest(zip, (manifest) => {
        (manifest.sets as unknown[]).pop();
      }),
    /lists "sets\/2.json", which none of its sets and runs has/,
  ],
  ['with no manifest', async () => zipOf(new Map([['a.txt', 'a']])), /has no detrain-project.json/],
];

test.each(REFUSED)('a file %s is refused, and nothing of it stays', async (_, spoil, message) => {
  const zip = await spoil(await projectOf(await fullBrowser()));
  const to = testBrowser();
  await addRun(to, 'mine', await importSet(to, 2, 'mine'));
  const before = await contentOf(to);
  const refused = await asyncRefusalOf(take(to, zip));
  expect(refused.code).toBe('bad-archive');
  expect(refused.message).toMatch(message);
  expect(await contentOf(to)).toEqual(before);
});

test('packed again in a folder, as people do, it is taken', async () => {
  const from = await fullBrowser();
  const files = [...(await filesOf(await projectOf(from)))].map(
    ([path, bytes]) => [`my project/${path}`, bytes] as const,
  );
  const to = testBrowser();
  await take(to, await zipOf(new Map([...files, ['__MACOSX/x', new Uint8Array(1)]])));
  expect(await contentOf(to)).toEqual(await contentOf(from));
});

test('a disk that is full is told beforehand or on the way, with what is needed and free, and nothing stays', async () => {
  const zip = await projectOf(await fullBrowser());
  const told = testBrowser({ freeBytes: async () => 1000 });
  const refused = await asyncRefusalOf(take(told, zip));
  expect(refused).toMatchObject({ code: 'storage', details: { freeBytes: 1000 } });
  expect(refused.message).toMatch(/needs 14\.5 KB .* and 1\.0 KB are free\. Delete/);
  const full = testBrowser();
  full.store.capacity = 500;
  expect(await asyncRefusalOf(take(full, zip))).toMatchObject({ code: 'storage', message: /Nothing was added/ });
  expect(await contentOf(full)).toEqual(await contentOf(testBrowser()));
});

test('cancelled or killed at whatever write, it leaves nothing behind once it is swept', async () => {
  const zip = await projectOf(await fullBrowser());
  const counting = testBrowser();
  let writes = 0;
  counting.store.beforeWrite = () => {
    writes += 1;
  };
  await take(counting, zip);
  expect(writes).toBeGreaterThan(4);
  const empty = await contentOf(testBrowser());
  for (let stop = 0; stop < writes - 2; stop += 1) {
    const cancelled = testBrowser();
    let at = 0;
    cancelled.store.beforeWrite = (name) => {
      if (at++ === stop && name !== 'removeJournal') void cancelled.project.cancelProject();
    };
    const outcome = await asyncRefusalOf(take(cancelled, zip)).catch(() => null);
    if (outcome !== null) {
      expect(outcome.code).toBe('cancelled');
      expect(await contentOf(cancelled)).toEqual(empty);
    }

    const killed = testBrowser();
    let before = 0;
    killed.store.beforeWrite = () => {
      if (before++ >= stop) throw new Error('killed');
    };
    for (const records of [killed.database.runs, killed.database.metrics, killed.database.checkpoints]) {
      records.changesLeft = stop;
    }
    await take(killed, zip).catch(() => undefined);
    killed.store.beforeWrite = () => undefined;
    for (const records of Object.values(killed.database)) records.changesLeft = Number.POSITIVE_INFINITY;
    await sweepStore(killed.store);
    await sweepStrayRuns(killed.database);
    const left = await contentOf(killed);
    // A set that was complete stays as one; of what was not there is nothing.
    expect(left.left.journals).toEqual([]);
    expect(left.left.pictures.toSorted()).toEqual((await killed.store.summaries()).map(({ id }) => id).toSorted());
    expect(left.checkpoints).toHaveLength(0);
    expect(left.metrics).toHaveLength(0);
  }
});

test('four hundred files that were changed in some way are each refused with a sentence, or hold the same', async () => {
  const from = testBrowser();
  await addRun(from, 'run', await importSet(from, 3, 'cats'), 300);
  const zip = await bytesOf(await projectOf(from));
  const wanted = await contentOf(from);
  let refused = 0;
  for (let seed = 0; seed < 400; seed += 1) {
    const to = testBrowser();
    try {
      await take(to, new Blob([mutated(zip, seed)]));
    } catch (thrown) {
      refused += 1;
      if (!(thrown instanceof StudioError) || thrown.code !== 'bad-archive')
        throw new Error(`seed ${seed}`, { cause: thrown });
      const { left, runs, checkpoints } = await contentOf(to);
      expect([left.pictures, left.journals, runs, checkpoints]).toEqual([[], [], [], []]);
      continue;
    }
    // What was changed is no part of what is read, such as a date.
    expect(await contentOf(to)).toEqual(wanted);
  }
  expect(refused).toBeGreaterThan(270);
}, 60_000);

/** A byte changed, a stretch taken out, doubled or zeroed, or the end cut off. */
function mutated(bytes: Uint8Array<ArrayBuffer>, seed: number): Uint8Array<ArrayBuffer> {
  const at = hash32(seed, 1) % bytes.byteLength;
  const length = 1 + (hash32(seed, 2) % 40);
  const copy = bytes.slice();
  switch (seed % 5) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << (hash32(seed, 3) % 8));
      return copy;
    case 1:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
    case 2:
      return Uint8Array.from([...bytes.subarray(0, at + length), ...bytes.subarray(at)]);
    case 3:
      return copy.fill(0, at, at + length).fill(255, at, at + 1);
    default:
      return bytes.slice(0, at);
  }
}
