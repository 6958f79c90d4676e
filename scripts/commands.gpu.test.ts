import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';
import type { BoxXyxy } from '../src/base/boxes.ts';
import { iou } from '../src/base/iou.ts';
import { describeWithFixture, readJson } from '../src/base/test-fixtures.ts';
import { rebuildClassHead } from '../src/detr/class-head.ts';
import { readCheckpointFiles, writeCheckpoint } from '../src/interop/checkpoint-files.ts';
import { bundledFiles } from '../src/interop/test-bundled.ts';
import { runQuietly } from './setup/run-quietly.ts';
import { SAMPLE_PICTURES } from './sources/bundled.ts';
import { vocFiles, vocObject, writeFiles } from './sources/test-files.ts';

// Each test starts a command that makes its own device.
vi.setConfig({ testTimeout: 240_000 });

const folder = mkdtempSync(join(tmpdir(), 'detrain-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function command(name: string, ...args: readonly string[]) {
  return runQuietly(process.execPath, ['--import', 'tsx', `scripts/${name}.ts`, ...args], { timeoutMs: 230_000 });
}

interface Found {
  readonly label: string;
  readonly score: number;
  readonly box: { readonly xmin: number; readonly ymin: number; readonly xmax: number; readonly ymax: number };
}

/** The annotation's boxes, less the dog behind the cat. */
const ANNOTATED: Readonly<Record<string, BoxXyxy>> = {
  airplane: [0, 53, 80, 150],
  car: [90, 103, 128, 134],
  cat: [68, 53, 131, 109],
};

test('predict finds the three things of a sample picture, and goes on after one that is not there', async () => {
  const picture = join(SAMPLE_PICTURES, '2026_000003.jpg');
  const out = join(folder, 'boxes');
  const { code, stdout, stderr } = await command('predict', 'tiny', 'nowhere.jpg', picture, '--out', out, '--json');
  expect(stderr).toMatch(/^nowhere\.jpg: There is no such file; expected a picture\. Check the path\.$/m);
  expect(code).toBe(1);
  const documents = JSON.parse(stdout);
  expect(documents).toMatchObject([{ image: picture, width: 200, height: 160 }]);
  const found: readonly Found[] = documents[0].detections;
  expect(found.map(({ label }) => label).toSorted()).toEqual(Object.keys(ANNOTATED));
  for (const [index, { label, score, box }] of found.entries()) {
    expect(score).toBeGreaterThan(0.9);
    expect(score).toBeLessThanOrEqual(found[index - 1]?.score ?? 1);
    const { xmin, ymin, xmax, ymax } = box;
    expect(iou([xmin, ymin, xmax, ymax], ANNOTATED[label] ?? [0, 0, 0, 0]), label).toBeGreaterThan(0.6);
  }

  const drawn = sharp(join(out, '2026_000003.jpg'));
  expect(await drawn.metadata()).toMatchObject({ format: 'jpeg', width: 200, height: 160 });
  expect((await drawn.raw().toBuffer()).equals(await sharp(picture).raw().toBuffer())).toBe(false);
});

test('evaluate measures weights on the first pictures of a split, with VOC and COCO spellings as one', async () => {
  const objects = Object.entries(ANNOTATED).map(([name, box]) => vocObject(name.replace('airplane', 'aeroplane'), box));
  const xml = objects.join('');
  const data = writeFiles(join(folder, 'data'), vocFiles({ a: xml, b: xml, c: xml, d: xml }));
  const options = ['--split', 'train', '--images', '2', '--batch', '1', '--json'];
  const { code, stdout, stderr } = await command('evaluate', 'tiny', '--data', data, ...options);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const { voc, coco } = JSON.parse(stdout);
  const perfect = { ap50: 1, ap50_11_point: 1, npos: 2 };
  expect(voc).toEqual({
    map50: 1,
    map50_11_point: 1,
    per_class: { aeroplane: perfect, car: perfect, cat: perfect },
  });
  const figures = ['AP', 'AP50', 'AP75', 'APs', 'APm', 'APl', 'AR1', 'AR10', 'AR100', 'ARs', 'ARm', 'ARl'];
  expect(Object.keys(coco)).toEqual([...figures, 'per_class']);
  expect(coco.AP50).toBeCloseTo(1, 6);
  expect(coco.AP).toBeLessThan(1);
});

test('evaluate lists the label that is wrong before those that are right', async () => {
  const objects = (car: string): string =>
    Object.entries(ANNOTATED)
      .map(([name, box]) => vocObject(name === 'car' ? car : name, box))
      .join('');
  const right = objects('car');
  const data = writeFiles(join(folder, 'mislabelled'), vocFiles({ a: right, b: objects('cat'), c: right, d: right }));
  const list = join(folder, 'errors.json');
  const { code, stderr } = await command(
    'evaluate',
    'tiny',
    '--data',
    data,
    '--split',
    'train',
    '--label-errors',
    list,
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const found: readonly { readonly doubt: number }[] = JSON.parse(readFileSync(list, 'utf8'));
  expect(stderr).toContain(`${found.length} labels that may be wrong`);
  expect(found[0]).toMatchObject({ image: 'b', kind: 'class', label: { class: 'cat' }, found: { class: 'car' } });
  expect(found[0]?.doubt).toBeGreaterThan(2 * (found[1]?.doubt ?? 0));
});

test('export writes a folder for other programs, which transformers.js predicts from as we do from the weights', async () => {
  const out = join(folder, 'exported');
  const made = await command('export', 'tiny', '--to', 'folder', '--out', out, '--pictures', '1', '--json');
  expect({ code: made.code, stderr: made.code === 0 ? '' : made.stderr }).toEqual({ code: 0, stderr: '' });
  const { files, receipts } = JSON.parse(made.stdout);
  expect(files.map(({ path }: { path: string }) => path).toSorted()).toEqual(
    readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
      .toSorted(),
  );
  expect(receipts).toMatchObject([{ precision: 'f32', pictures: 1, detections: { different: 0 } }]);
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('## Checked by other implementations');

  const picture = join(SAMPLE_PICTURES, '2026_000003.jpg');
  const [theirs, ours] = await Promise.all([
    command('predict', out, picture, '--engine', 'transformers.js', '--json'),
    command('predict', 'tiny', picture, '--json'),
  ]);
  const [{ detections: found }] = JSON.parse(theirs.stdout);
  const [{ detections: expected }] = JSON.parse(ours.stdout);
  expect(found.map(({ label }: Found) => label)).toEqual(expected.map(({ label }: Found) => label));
  for (const [index, { score, box }] of (found as Found[]).entries()) {
    expect(score).toBeCloseTo(expected[index].score, 3);
    expect(box.xmin).toBeCloseTo(expected[index].box.xmin, 1);
  }

  const again = await command('export', 'tiny', '--to', 'onnx', '--out', out);
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/is not empty/);
  expect((await command('export', 'tiny', '--to', 'pickle', '--out', out)).code).toBe(2);
});

/** The bundled weights with the 91 slots of COCO's ids: rows of classes that it does not know are never the best. */
function cocoCheckpoint(): string {
  const from = readCheckpointFiles(bundledFiles(), 'bundled');
  const labels = Array.from({ length: 91 }, () => 'N/A');
  const slots = { 3: 'car', 5: 'airplane', 17: 'cat', 18: 'sheep', 20: 'cow' };
  for (const [slot, label] of Object.entries(slots)) labels[Number(slot)] = label;
  const { config, values, classes } = rebuildClassHead(from.config, from.weights.values, labels, 0);
  const bias = values.get('class_labels_classifier.bias')?.slice() ?? new Float32Array();
  const weight = values.get('class_labels_classifier.weight')?.slice() ?? new Float32Array();
  for (const [slot, from] of classes.slots.entries()) {
    if (from !== null) continue;
    bias[slot] = -30;
    weight.fill(0, slot * config.dModel, (slot + 1) * config.dModel);
  }
  const head = [['class_labels_classifier.bias', bias] as const, ['class_labels_classifier.weight', weight] as const];
  const weights = { ...from.weights, values: new Map([...values, ...head]) };
  const files = writeCheckpoint({ ...from, config, weights });
  return writeFiles(join(folder, 'coco'), files);
}

test("a head of COCO's 91 slots is measured on a set of VOC's names before any step, and trained from there", async () => {
  const coco = cocoCheckpoint();
  const names: Readonly<Record<string, string>> = { airplane: 'aeroplane', car: 'Car', cat: 'house cat' };
  const objects = Object.entries(ANNOTATED).map(([name, box]) => vocObject(names[name] ?? name, box));
  const xml = objects.join('');
  const data = writeFiles(join(folder, 'voc-names'), vocFiles({ a: xml, b: xml, c: xml, d: xml }));
  const unknown = await command('evaluate', coco, '--data', data);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(
    /know no class "house cat" .* they know car, airplane, cat, sheep, cow\..*class table/,
  );

  const table = join(folder, 'classes.json');
  writeFileSync(table, JSON.stringify({ 'house cat': 'CAT' }));
  const options = ['--data', data, '--class-map', table, '--json'];
  const { stdout, stderr } = await command('evaluate', coco, '--split', 'val', ...options);
  const zeroShot = JSON.parse(stdout || JSON.stringify({ failed: stderr }));
  expect(zeroShot.voc.per_class).toMatchObject({ Car: { ap50: 1 }, aeroplane: { ap50: 1 }, 'house cat': { ap50: 1 } });

  const out = join(folder, 'from-coco');
  const short = ['--steps', '1', '--batch', '1', '--eval-every', '1', '--checkpoint-every', '1', '--out', out];
  const trained = await command('train', '--model', coco, ...short, ...options);
  expect(trained.stderr).toMatch(/Of 3 classes, 3 start from a row of the weights, "Car" from "car", "aeroplane" from/);
  const [first] = readFileSync(join(out, 'metrics.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(first ?? '')).toMatchObject({ step: 0, eval: { voc: { map50: 1 } } });
  expect(JSON.parse(first ?? '').eval.coco.AP).toBeCloseTo(zeroShot.coco.AP, 1);

  const rows = [
    { name: 'Car', from: 'car' },
    { name: 'aeroplane', from: 'airplane' },
    { name: 'house cat', from: 'cat' },
  ];
  const runFile = () => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  expect(runFile()).toMatchObject({ carriedClasses: 3, classRows: rows });
  const resumed = await command('train', '--resume', out, '--steps', '2');
  expect(resumed.stderr).toMatch(/Going on after step 1\./);
  expect(runFile()).toMatchObject({ carriedClasses: 3, classRows: rows, settings: { steps: 2 } });
});

interface Manifest {
  readonly items: readonly {
    readonly id: string;
    readonly expected_objects?: number | string;
    readonly decided?: string;
  }[];
}

describeWithFixture('voc/oddities', 'training on a data set of odd files', (oddities) => {
  test('goes on, and lists each file that is left out with its reason', async () => {
    const { items } = readJson<Manifest>(join(oddities, 'manifest.json'));
    const out = join(folder, 'odd');
    const options = ['--steps', '1', '--batch', '1', '--size', '64', '--eval-every', '0', '--out', out, '--json'];
    const { code, stdout, stderr } = await command('train', '--data', join(oddities, 'VOCdevkit'), ...options);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ out, steps: 1, final: null });
    const refused = items
      .filter(({ expected_objects, decided }) => expected_objects === 'reject' || decided?.startsWith('refused'))
      .map(({ id }) => id);
    expect(refused.length).toBeGreaterThan(10);
    for (const id of refused) {
      expect(stderr, id).toMatch(new RegExp(`^Left out: [^:]*${id}[^:]*: .*[a-z].*\\.$`, 'm'));
    }
    expect(stderr).not.toMatch(/^\s+at |Something went wrong/m);
    expect(readFileSync(join(out, 'metrics.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
  });
});
