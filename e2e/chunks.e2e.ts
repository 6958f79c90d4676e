import { readFile } from 'node:fs/promises';
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
