import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTar } from 'modern-tar';
import { afterAll, expect, test, vi } from 'vitest';
import { bitmap, vocPictures } from '../src/data/test-import.ts';
import { runScriptHere } from './cli/test-in-process.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'detrain-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Eight pictures, of which the last is the third again and on the other side; lists say so. */
async function faulty(): Promise<string> {
  const files = vocPictures(8);
  files.set('JPEGImages/7.bmp', bitmap(8, 8, 2));
  files.set('ImageSets/Main/train.txt', new TextEncoder().encode('0\n1\n2\n3\n4\n5'));
  files.set('ImageSets/Main/val.txt', new TextEncoder().encode('6\n7'));
  const path = join(folder, 'faulty.tar');
  const entries = [...files].map(([name, body]) => ({ header: { name, size: body.byteLength }, body }));
  writeFileSync(path, await packTar(entries));
  return path;
}

test('a set is checked, and written again mended, in another form, which is then without faults', async () => {
  const set = await faulty();
  const checked = await runScriptHere('check', [set, '--json']);
  expect(checked.code).toBe(0);
  const report = JSON.parse(checked.stdout);
  expect(report).toMatchObject({
    format: 'detrain-check',
    pictures: 8,
    duplicates: [{ kind: 'exact', sampleIds: ['2', '7'], leaks: true }],
  });
  const out = join(folder, 'mended.tar');
  const mended = await runScriptHere('check', [
    ...[set, '--fix', 'remove-duplicates', '--merge', 'odd=even', '--split', '50,50', '--to', 'coco', '--out', out],
  ]);
  expect(mended.code).toBe(0);
  expect(mended.stdout).toContain('LEAK: 1 picture is both trained on and measured on');
  expect(mended.stdout).toContain('1 duplicate removed.');
  expect(mended.stdout).toContain('"odd" merged into "even".');
  const again = JSON.parse((await runScriptHere('check', [out, '--json'])).stdout);
  expect(again).toMatchObject({ pictures: 7, duplicates: [] });
  const bytes = readFileSync(out);
  const refused = await runScriptHere('check', [set, '--out', out]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') });
  expect(readFileSync(out).equals(bytes)).toBe(true);
});

test("what was found is a page with the pairs of pictures, and a JSON; nobody else's file is written over", async () => {
  const set = await faulty();
  const out = join(folder, 'found');
  const checked = await runScriptHere('check', [set, '--report', out, '--json']);
  expect(checked.code).toBe(0);
  expect(JSON.parse(readFileSync(join(out, 'findings.json'), 'utf8'))).toEqual(JSON.parse(checked.stdout));
  const page = readFileSync(join(out, 'report.md'), 'utf8');
  expect(page).toContain('**Leak:** 1 picture is both trained on and measured on.');
  expect(page).toContain('| 2 (train), 7 (val) | same bytes | yes |');
  expect(page).toContain('(duplicates.png)');
  const svg = readFileSync(join(out, 'duplicates.svg'), 'utf8');
  expect(svg.match(/<image /g)).toHaveLength(2);
  expect(svg).toMatch(/>train: 2<.*>val: 7</s);
  // The same again takes its place; once a person has written in it, it stays.
  expect((await runScriptHere('check', [set, '--report', out])).code).toBe(0);
  writeFileSync(join(out, 'findings.json'), 'mine');
  const refused = await runScriptHere('check', [set, '--report', out]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Choose another --report') });
  expect(readFileSync(join(out, 'findings.json'), 'utf8')).toBe('mine');
});

test.each([
  [['--fix', 'everything'], '--fix'],
  [['--fix', 'end-leaks'], '--out FILE.tar'],
  [['--split', '80', '--out', 'x.tar'], '--split'],
  [['--split', '0,20', '--out', 'x.tar'], '--split'],
  [['--merge', 'even', '--out', 'x.tar'], '--merge'],
  [['--merge', 'cow=even', '--out', 'x.tar'], 'cow'],
])('%j is refused, and nothing is written', async (options, said) => {
  const { code, stderr } = await runScriptHere('check', [await faulty(), ...options]);
  expect(code).toBeGreaterThan(0);
  expect(stderr).toContain(said);
  expect(existsSync('x.tar')).toBe(false);
});
