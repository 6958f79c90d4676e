import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'playwright/test';

const dist = new URL('../dist/', import.meta.url);

test("the page's own scripts hold no tensor library, and the workers' do", async () => {
  const html = await readFile(new URL('index.html', dist), 'utf8');
  const entries = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, file = '']) => file);
  expect(entries.length).toBeGreaterThan(0);
  const seen = new Map<string, string>();
  const follow = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    const code = await readFile(new URL(file, dist), 'utf8');
    seen.set(file, code);
    for (const [, next = ''] of code.matchAll(/(?:from|import)\s*\(?["'`]\.\/([^"'`]+\.js)["'`]/g)) {
      await follow(`assets/${next}`);
    }
  };
  for (const entry of entries) await follow(entry);
  const page = [...seen.values()].join('\n');
  const marker = 'tfjs';
  expect(page.includes(marker), `${[...seen.keys()].join(', ')} mention ${marker}`).toBe(false);

  const worker = /predict\.worker-[\w-]+\.js/.exec(page)?.[0];
  expect(worker, 'the page names the predict worker').toBeDefined();
  seen.clear();
  await follow(`assets/${worker ?? ''}`);
  expect([...seen.values()].join('\n')).toContain(marker);
});

test('no two scripts wait for each other: one of them would run before what it calls', async () => {
  const files = (await readdir(new URL('assets/', dist))).filter((file) => file.endsWith('.js'));
  const importsOf = new Map<string, readonly string[]>();
  for (const file of files) {
    const code = await readFile(new URL(`assets/${file}`, dist), 'utf8');
    // Without a bracket: what is imported later on waits for nobody.
    const found = code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g);
    importsOf.set(
      file,
      [...found].map(([, next = '']) => next),
    );
  }
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (importsOf.get(from) ?? []).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => reaches(file, file))).toEqual([]);
});
