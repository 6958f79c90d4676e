import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { runScriptHere } from './cli/test-in-process.ts';
import { DATA_FIGURES } from './figures/figure.ts';
import { TINY_CHECKPOINT } from './sources/bundled.ts';
import { vocFiles, vocObject, writeFiles } from './sources/test-files.ts';
import { runFolder } from './training/test-run-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'detrain-visualize-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const data = writeFiles(
  join(folder, 'pets'),
  vocFiles({ a: vocObject('cat'), b: vocObject('dog') + vocObject('cat', [80, 20, 120, 90]), c: vocObject('cat') }),
);

function run(name: string, metrics: readonly object[]): string {
  return runFolder(join(folder, name), { data, dataHash: 'abc123', metrics });
}

function step(number: number, loss: number) {
  return { step: number, epoch: 1, loss, loss_ce: 1, loss_bbox: 0.1, loss_giou: 0.5, lr: 1e-4, grad_norm: 1 };
}

test('a data set: every figure as SVG and PNG, and a page that shows them', async () => {
  const out = join(folder, 'of-data');
  const { code, stdout, stderr } = await runScriptHere('visualize', [data, '--out', out, '--json']);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ source: data, kind: 'data', report: join(out, 'report.md'), left_out: [] });
  expect(document.figures.map(({ name }: { name: string }) => name)).toEqual(DATA_FIGURES);
  const page = readFileSync(document.report, 'utf8');
  expect(page).toMatch(/^# Data set pets$/m);
  expect(page).toMatch(/^\| Hash \| [0-9a-f]{64} \|$/m);
  expect(page).toMatch(/^\| cat \| 3 \| /m);
  for (const { name, svg, png } of document.figures) {
    expect(page).toContain(`(${name}.png)](${name}.svg)`);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg [^>]*role="img"/);
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png' });
  }
});

test('a run that has only taken steps: what there is, and what is left out and why', async () => {
  const young = run('young', [step(1, 20), step(2, 10)]);
  const out = join(folder, 'of-run');
  const { code, stdout, stderr } = await runScriptHere('visualize', [young, '--out', out]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `1 figure as SVG and PNG, shown in ${join(out, 'report.md')}.\n`,
  });
  expect(stderr.trimEnd().split('\n')).toEqual([
    'Left out: average-precision: metrics.jsonl holds no evaluation yet.',
    ...['precision-recall', 'confusion', 'predictions'].map((name) =>
      expect.stringMatching(new RegExp(`^Left out: ${name}: The folder .*young has no model\\.safetensors; expected`)),
    ),
  ]);
  expect(readdirSync(out).toSorted()).toEqual(['loss.png', 'loss.svg', 'report.json', 'report.md']);
  const page = readFileSync(join(out, 'report.md'), 'utf8');
  expect(page).toContain('| Data hash | abc123 |');
  expect(page).toContain('| Steps taken | 2 of 100 |');
  expect(page).toContain('| Learning rate | 2e-4 |');
  expect(page).toContain('down from 20.000 at step 1');
  expect(page).toContain('- confusion: ');
});

test('weights on another data set than their own draw no predictions', async () => {
  const moved = run('moved', [step(1, 20)]);
  cpSync(TINY_CHECKPOINT, join(moved, 'best'), { recursive: true });
  const { code, stdout } = await runScriptHere('visualize', [moved, '--out', join(folder, 'of-moved'), '--json']);
  const { figures, left_out } = JSON.parse(stdout);
  expect({ code, drawn: figures.map(({ name }: { name: string }) => name) }).toEqual({ code: 0, drawn: ['loss'] });
  expect(left_out.at(-1)).toEqual({
    name: 'predictions',
    reason: expect.stringMatching(
      /pets is not the one of the run \(its hash is \w{12}, the run's abc123\); expected .*--data/,
    ),
  });
});

test('a run that has nothing to draw writes nothing', async () => {
  const out = join(folder, 'of-nothing');
  const { code, stdout, stderr } = await runScriptHere('visualize', [run('new', []), '--out', out]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/new has nothing to draw yet: .* Expected a run that has taken a step; let it go on\.$/m);
  expect(readdirSync(folder)).not.toContain('of-nothing');
});

test('the figures of another source are replaced, which is said; changed ones are not', async () => {
  const out = join(folder, 'shared');
  const second = run('second', [step(1, 20)]);
  await runScriptHere('visualize', [second, '--out', out]);
  const { code, stderr } = await runScriptHere('visualize', [data, '--out', out]);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining(`Replacing the figures of ${second} in ${out}.`),
  });
  expect(readdirSync(out)).not.toContain('loss.svg');
  writeFileSync(join(out, 'classes.svg'), 'mine');
  const refused = await runScriptHere('visualize', [data, '--out', out]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/classes\.svg was changed since.*--force/) });
});
