import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openCheckpoint } from './open-checkpoint.ts';
import { changedCheckpoint } from './test-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'detrain-open-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a run's best weights come first, also where only the replaced ones are left", async () => {
  const run = join(folder, 'run');
  for (const name of ['best', 'last']) changedCheckpoint(join(run, name), {});
  expect((await openCheckpoint(run)).path).toBe(join(run, 'best/model.safetensors'));
  renameSync(join(run, 'best'), join(run, 'best.old'));
  expect((await openCheckpoint(run)).path).toBe(join(run, 'best.old/model.safetensors'));
  rmSync(join(run, 'best.old'), { recursive: true });
  renameSync(join(run, 'last'), join(run, 'last.old'));
  expect((await openCheckpoint(run)).path).toBe(join(run, 'last.old/model.safetensors'));
});

test('a config.json that is a folder is told in a sentence', async () => {
  const odd = changedCheckpoint(join(folder, 'odd'), {});
  rmSync(join(odd, 'config.json'));
  mkdirSync(join(odd, 'config.json'));
  await expect(openCheckpoint(odd)).rejects.toMatchObject({
    code: 'not-found',
    message: `${join(odd, 'config.json')} is a folder; expected a file. Check the path.`,
  });
});
