import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { chromiumCandidates, findChromium } from './chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'detrain-chromium-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

function fakeBrowser(place: string, status: number): string {
  mkdirSync(join(folder, place), { recursive: true });
  const path = join(folder, place, 'chromium');
  writeFileSync(path, `#!/bin/sh\nexit ${status}\n`);
  chmodSync(path, 0o755);
  return path;
}

const broken = fakeBrowser('first', 127);
const whole = fakeBrowser('second', 0);
const path = [join(folder, 'first'), join(folder, 'second')].join(':');

test('every Chromium on PATH is a candidate, in the order of PATH', async () => {
  const found = await chromiumCandidates({ PATH: path, DETRAIN_CHROMIUM: '' });
  expect(found.filter((candidate) => candidate.startsWith(folder))).toEqual([broken, whole]);
});

test('one that does not start is passed over', async () => {
  vi.stubEnv('PATH', `${path}:/bin`);
  vi.stubEnv('DETRAIN_CHROMIUM', '');
  vi.stubEnv('PLAYWRIGHT_BROWSERS_PATH', folder);
  expect(await findChromium()).toBe(whole);
});

test('DETRAIN_CHROMIUM is taken before all others, and refused where it does not start', async () => {
  vi.stubEnv('DETRAIN_CHROMIUM', whole);
  expect(await findChromium()).toBe(whole);
  vi.stubEnv('DETRAIN_CHROMIUM', join(folder, 'nothing'));
  await expect(findChromium()).rejects.toThrow(/DETRAIN_CHROMIUM is .*nothing, which does not start; expected/);
});
