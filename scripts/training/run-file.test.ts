import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { folderRunStore } from '../../src/platform/node/run-store.ts';
import { readRunFile } from './run-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'detrain-run-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RUN = {
  data: 'sample',
  model: 'tiny',
  dataName: 'emoji-scenes',
  dataHash: 'abc',
  classes: ['cat'],
  carriedClasses: 1,
  classRows: [{ name: 'cat', from: 'Cat' }],
  settings: {
    ...{ steps: 4, batch: 1, accumulate: 1, size: 64, lr: 1e-4, lrBackbone: 1e-5, weightDecay: 0, clip: 0.1 },
    ...{ dropout: 0, lrDrop: null, freezeBackbone: false, seed: 0, evalEvery: 0, evalImages: null },
    ...{ checkpointEvery: 50, maxSeconds: null, ofALaterVersion: true },
  },
  versions: { detrain: '0.0.9' },
  started: '2026-01-01T00:00:00.000Z',
};

test('a run.json that is written again with other steps has lost nothing, and has what it lacked', async () => {
  const path = join(folder, 'run.json');
  writeFileSync(path, JSON.stringify(RUN));
  const run = await readRunFile(folder);
  await folderRunStore(folder).writeRun({ ...run, settings: { ...run.settings, steps: 9 } });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    ...RUN,
    settings: {
      ...RUN.settings,
      ...{ steps: 9, overfitPictures: null, freezeEncoder: false, views: 1, augment: 'flip', recompute: false },
      ...{ recipe: null, schedule: 'constant', warmupSteps: 0, headSteps: 0 },
    },
  });
});

test('a run of the first version whose rates dropped goes on with that drop', async () => {
  const dropped = join(folder, 'dropped');
  mkdirSync(dropped);
  writeFileSync(join(dropped, 'run.json'), JSON.stringify({ ...RUN, settings: { ...RUN.settings, lrDrop: 3 } }));
  expect((await readRunFile(dropped)).settings).toMatchObject({ schedule: 'step', lrDrop: 3 });
});

test('a field that is wrong is named, and a folder in its place told', async () => {
  const odd = join(folder, 'odd');
  mkdirSync(odd);
  writeFileSync(join(odd, 'run.json'), JSON.stringify({ ...RUN, settings: { ...RUN.settings, batch: 0 } }));
  await expect(readRunFile(odd)).rejects.toMatchObject({
    code: 'bad-config',
    message: expect.stringContaining('"settings.batch" is not as expected'),
  });
  rmSync(join(odd, 'run.json'));
  mkdirSync(join(odd, 'run.json'));
  await expect(readRunFile(odd)).rejects.toThrow(/run\.json is a folder; expected a file/);
});
