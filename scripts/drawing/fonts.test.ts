import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../setup/project-root.ts';
import { runQuietly } from '../setup/run-quietly.ts';

const folder = mkdtempSync(join(tmpdir(), 'detrain-fonts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(process.platform !== 'linux')('letters differ on a machine without a font of its own', async () => {
  const conf = readFileSync(join(PROJECT_ROOT, 'scripts/drawing/fonts.conf'), 'utf8');
  const bare = conf
    .replace(/<include.*<\/include>/, '')
    .replace('<dir prefix="relative">../..', `<dir>${PROJECT_ROOT}`);
  writeFileSync(join(folder, 'fonts.conf'), bare);
  // Its settings are read once a process, and this one has read them.
  writeFileSync(
    join(folder, 'ask.mts'),
    `process.env.FONTCONFIG_FILE = ${JSON.stringify(join(folder, 'fonts.conf'))};
    const { hasFonts } = await import(${JSON.stringify(join(PROJECT_ROOT, 'scripts/drawing/label-text.ts'))});
    console.log(await hasFonts());`,
  );
  const { stdout } = await runQuietly(process.execPath, ['--import', 'tsx', join(folder, 'ask.mts')], {
    timeoutMs: 19_000,
  });
  expect(stdout.trim()).toBe('true');
});
