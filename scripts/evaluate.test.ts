import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { runScriptHere } from './cli/test-in-process.ts';
import { PROJECT_ROOT } from './setup/project-root.ts';

vi.setConfig({ testTimeout: 60_000 });

const FIXTURES = process.env.DETRAIN_FIXTURES ?? resolve(PROJECT_ROOT, '../shared/fixtures');
const GOLDEN = join(FIXTURES, 'golden/map/basic.json');
const folder = mkdtempSync(join(tmpdir(), 'detrain-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function evaluate(...args: string[]) {
  return runScriptHere('evaluate', args);
}

const truth = file(
  'truth.json',
  JSON.stringify({
    images: [{ id: 1, width: 100, height: 100 }],
    categories: [{ id: 7, name: 'cat' }],
    annotations: [{ id: 1, image_id: 1, category_id: 7, bbox: [10, 10, 50, 50], area: 2500, iscrowd: 0 }],
  }),
);
const found = file('found.json', JSON.stringify([{ image_id: 1, category_id: 7, bbox: [10, 10, 50, 50], score: 0.9 }]));

test('a box that is found where it is gives 1', async () => {
  const { code, stdout } = await evaluate('--detections', found, '--ground-truth', truth, '--json');
  expect(code).toBe(0);
  const one = expect.closeTo(1, 12); // the protocol adds a spacing to the divisor of precision
  expect(JSON.parse(stdout)).toMatchObject({
    voc: { map50: 1, map50_11_point: 1, per_class: { cat: { ap50: 1, ap50_11_point: 1, npos: 1 } } },
    coco: { AP: one, APs: null, APm: one, AR1: one, per_class: { cat: one } },
  });
});

test('for people: a table with a row for each class', async () => {
  const { stdout } = await evaluate('--detections', found, '--ground-truth', truth);
  expect(stdout).toMatch(/^VOC {3}AP50 1\.000 \(11 points: 1\.000\)$/m);
  expect(stdout).toMatch(/^cat +1 +1\.000 +1\.000 +1\.000$/m);
});

test.each([
  [
    ['--detections', join(folder, 'nowhere.json'), '--ground-truth', truth],
    1,
    /nowhere\.json is not there; expected a file/,
  ],
  [['--detections', file('page.json', '<html></html>'), '--ground-truth', truth], 1, /page\.json is not JSON/],
  [['--detections', truth, '--ground-truth', truth], 1, /truth\.json .*expected array/],
  [['--detections', found], 2, /Found --detections alone; expected --detections COCO\.json with --ground-truth/],
  [[], 2, /Found nothing to evaluate/],
])('bad input is told in one line: %j', async (args, status, line) => {
  const { code, stdout, stderr } = await evaluate(...args);
  expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({ code: status, stdout: '', lines: 1 });
  expect(stderr).toMatch(line);
});

describe.skipIf(!existsSync(GOLDEN))(`golden figures (${GOLDEN}; skipped where it is absent)`, () => {
  test("pycocotools' twelve figures", async () => {
    const golden = JSON.parse(readFileSync(GOLDEN, 'utf8'));
    const { stdout } = await evaluate(
      '--detections',
      file('golden-found.json', JSON.stringify(golden.detections)),
      '--ground-truth',
      file('golden-truth.json', JSON.stringify(golden.ground_truth)),
      '--json',
    );
    const { coco } = JSON.parse(stdout);
    for (const [name, value] of Object.entries(golden.coco.stats))
      expect(coco[name], name).toBeCloseTo(Number(value), 9);
  });
});
