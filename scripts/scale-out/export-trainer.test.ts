import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { readArchiveTree } from '../../src/data/archive-tree.ts';
import { readVocDataSet } from '../../src/data/voc-data-set.ts';
import { openFileTree } from '../../src/platform/node/file-tree.ts';
import { startingPoint } from '../../src/train/start.ts';
import { QUICK_SETTINGS } from '../../src/train/test-run.ts';
import { runScriptHere } from '../cli/test-in-process.ts';
import { openCheckpoint } from '../sources/open-checkpoint.ts';
import { vocFiles, vocObject, writeFiles } from '../sources/test-files.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'detrain-export-trainer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const xml = vocObject('aeroplane') + vocObject('wombat', [20, 30, 50, 60]);
const data = writeFiles(at('set'), vocFiles(Object.fromEntries([...'abcdefghij'].map((id) => [id, xml]))));
const dataSet = await readVocDataSet(await openFileTree(data, readArchiveTree));
const { checkpoint: tiny } = await openCheckpoint('tiny');

const ROWS = [
  { name: 'aeroplane', from: null },
  { name: 'wombat', from: 'cat' },
];
const settings = { ...QUICK_SETTINGS, steps: 30, batch: 4, accumulate: 2, size: 96, seed: 5, dropout: 0.2 };
const RUN = {
  ...{ data, model: 'tiny', dataName: dataSet.name, dataHash: dataSet.hash, classes: dataSet.classes },
  ...{ carriedClasses: 1, classRows: ROWS, settings, versions: {}, started: '2026-01-01T00:00:00.000Z' },
};

/** A run's folder, as far as an export of its start looks at it. */
function runFolder(name: string, change: Readonly<Record<string, unknown>> = {}): string {
  return writeFiles(at(name), new Map([['run.json', new TextEncoder().encode(JSON.stringify({ ...RUN, ...change }))]]));
}

const exported = (...args: string[]) => runScriptHere('export', [...args, '--to', 'trainer', '--json']);

test("a run's folder goes out with its split, settings, rows and starting weights, and passes the check", async () => {
  const out = at('out');
  const { code, stdout, stderr } = await exported(runFolder('run'), '--out', out);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ out, weightsName: 'tiny', dataHash: dataSet.hash, classes: ['aeroplane', 'wombat'], testIsValidation: true },
    splits: [
      { name: 'train', pictures: 8, objects: 16 },
      { name: 'validation', pictures: 2, objects: 4 },
      { name: 'test', pictures: 2, objects: 4 },
    ],
  });
  const { checkpoint } = await openCheckpoint(join(out, 'model'));
  const start = startingPoint(tiny, dataSet, settings, new Map(ROWS.map(({ name, from }) => [name, from])));
  expect(checkpoint.weights.values).toEqual(start.checkpoint.weights.values);
  expect(checkpoint.preprocessor.config).toEqual(start.checkpoint.preprocessor.config);
  const readme = readFileSync(join(out, 'README.md'), 'utf8');
  // 30 steps of 8 pictures over 8 of the train split.
  for (const flag of ['--num_train_epochs 30 ', '--learning_rate 0.001 ', '--seed 5']) expect(readme).toContain(flag);

  const checked = await runScriptHere('check-trainer', [out]);
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('keeps every rule') });
  writeFileSync(join(out, 'dataset/labels.json'), '["aeroplane"]');
  const broken = await runScriptHere('check-trainer', [out, '--json']);
  expect(broken.code).toBe(1);
  expect(JSON.parse(broken.stdout).problems).toContainEqual(expect.stringMatching(/category 1 is none of 1 labels/));
});

test('weights with data go out with the settings that a run of them would have', async () => {
  const out = at('weights');
  const { code, stdout } = await exported('tiny', '--data', data, '--out', out);
  expect({ code, name: JSON.parse(stdout).weightsName }).toEqual({ code: 0, name: 'tiny' });
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('--learning_rate 0.0002 ');
});

test.each([
  [
    'a set that has changed',
    runFolder('changed', { dataHash: 'abcdef0123456789' }),
    [],
    /has changed since the run .*abcdef012345/,
  ],
  [
    'weights that have changed',
    runFolder('others', { carriedClasses: 2 }),
    [],
    /tiny knows 1 of the classes .*knew 2 when it began/,
  ],
  [
    'a class table with a run',
    runFolder('table'),
    ['--class-map', join(folder, 'map.json')],
    /which has its own class rows/,
  ],
] as const)('%s is told', async (_, run, more, message) => {
  writeFileSync(at('map.json'), '{"wombat": null}');
  const { code, stderr } = await exported(run, '--out', at('never'), ...more);
  expect(code).not.toBe(0);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(message);
});
