import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { readArchiveTree } from '../src/data/archive-tree.ts';
import { readVocDataSet } from '../src/data/voc-data-set.ts';
import { openFileTree } from '../src/platform/node/file-tree.ts';
import { RUN_FIGURES } from './figures/figure.ts';
import { runQuietly } from './setup/run-quietly.ts';
import { TINY_CHECKPOINT } from './sources/bundled.ts';
import { vocFiles, vocObject, writeFiles } from './sources/test-files.ts';
import { runFolder } from './training/test-run-folder.ts';

// A command that makes its own device.
vi.setConfig({ testTimeout: 240_000 });

const folder = mkdtempSync(join(tmpdir(), 'detrain-visualize-gpu-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a run with weights: what they find in the pictures of val, beside the truth', async () => {
  // Twice the sample picture with a cat, an aeroplane and a car in it; the weights find them all.
  const xml = vocObject('aeroplane', [0, 53, 80, 150]) + vocObject('car', [90, 103, 128, 134]);
  const truth = xml + vocObject('cat', [68, 53, 131, 109]);
  const list = (names: string) => new TextEncoder().encode(names);
  const files = vocFiles({ a: truth, b: truth, c: xml });
  files.set('ImageSets/Main/train.txt', list('c\n'));
  files.set('ImageSets/Main/val.txt', list('a\nb\n'));
  const data = writeFiles(join(folder, 'data'), files);
  const { hash } = await readVocDataSet(await openFileTree(data, readArchiveTree), {});
  const per_class = { aeroplane: { ap50: 0.5, ap50_11_point: 0.5, npos: 2 } };
  const evaluation = {
    voc: { map50: 0.5, map50_11_point: 0.5, per_class },
    coco: { AP: 0.25, AP75: 0.2, APs: null, APm: 0.25, APl: null, AR100: 0.3, per_class: {} },
  };
  const losses = { loss: 9, loss_ce: 1, loss_bbox: 0.1, loss_giou: 0.5, lr: 1e-4, grad_norm: 1 };
  const metrics = [
    { step: 1, epoch: 1, ...losses },
    { step: 1, eval: evaluation },
  ];
  const run = runFolder(join(folder, 'run'), { data, dataHash: hash, metrics });
  cpSync(TINY_CHECKPOINT, join(run, 'best'), { recursive: true });

  const out = join(folder, 'figures');
  const args = ['--import', 'tsx', 'scripts/visualize.ts', run, '--out', out, '--json'];
  const { code, stdout, stderr } = await runQuietly(process.execPath, args, { timeoutMs: 230_000 });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ kind: 'run', left_out: [] });
  expect(document.figures.map(({ name }: { name: string }) => name)).toEqual(RUN_FIGURES);

  const page = readFileSync(join(out, 'report.md'), 'utf8');
  expect(page).toMatch(/^\| best, step 1 \| 0\.500 \| /m);
  expect(page).toMatch(/^\| weights as they are, for these figures \| 1\.000 \| /m);
  expect(page).toMatch(/^\| cat \| 2 \| 1\.000 \| /m);
  expect(page).toContain('6 objects were found under their own class, 0 under another, 0 were missed');
  // The pictures themselves would fill the report of a failure.
  const sheet = readFileSync(join(out, 'predictions.svg'), 'utf8').replace(/base64,[^"]*/g, '');
  expect(sheet.match(/<image /g)).toHaveLength(4);
  expect(sheet).toContain('>a: truth, 3<');
  expect(sheet).toMatch(/>cat (0\.9\d|1\.00)</);
});
