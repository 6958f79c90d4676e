import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import type { Figure, FigureName } from './figure.ts';
import { FigureFolder } from './figure-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'detrain-figures-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const free = () => join(root, `out-${++folders}`);

function painted(name: FigureName, fill = '#123456'): Figure {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="${fill}"/></svg>`;
  return { name, title: name, sentence: name, svg };
}

test('a figure is written as SVG and, twice as large, as PNG', async () => {
  const out = free();
  await (await FigureFolder.open(out, false)).write('runs/a', [painted('loss')], '# page');
  expect(readdirSync(out).toSorted()).toEqual(['loss.png', 'loss.svg', 'report.json', 'report.md']);
  expect(readFileSync(join(out, 'report.md'), 'utf8')).toBe('# page');
  const png = sharp(join(out, 'loss.png'));
  expect(await png.metadata()).toMatchObject({ format: 'png', width: 80, height: 40 });
  expect((await png.removeAlpha().raw().toBuffer()).subarray(0, 3).toString('hex')).toBe('123456');
});

test('an earlier report is replaced, with nothing of it left, and other files stay', async () => {
  const out = free();
  await (await FigureFolder.open(out, false)).write('runs/a', [painted('loss'), painted('confusion')], 'a');
  writeFileSync(join(out, 'notes.txt'), 'mine');
  const folder = await FigureFolder.open(out, false);
  expect(folder.earlierSource).toBe('runs/a');
  await folder.write('runs/b', [painted('loss', '#ffffff')], 'b');
  expect(readdirSync(out).toSorted()).toEqual(['loss.png', 'loss.svg', 'notes.txt', 'report.json', 'report.md']);
  expect(readFileSync(join(out, 'loss.svg'), 'utf8')).toContain('#ffffff');
});

test('what somebody has changed stays, unless told otherwise', async () => {
  const out = free();
  await (await FigureFolder.open(out, false)).write('runs/a', [painted('loss')], 'a');
  writeFileSync(join(out, 'loss.svg'), 'touched up');
  await expect(FigureFolder.open(out, false)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/loss\.svg was changed since the figures were drawn.*expected.*--force/),
  });
  expect(readFileSync(join(out, 'loss.svg'), 'utf8')).toBe('touched up');
  await (await FigureFolder.open(out, true)).write('runs/a', [painted('loss')], 'a');
  expect(readFileSync(join(out, 'loss.svg'), 'utf8')).toContain('<svg');
});

test.each(['report.md', 'report.json', 'loss.png', 'pictures.svg'])(
  "somebody else's %s is not written over",
  async (name) => {
    const out = free();
    mkdirSync(out);
    writeFileSync(join(out, name), '{"files": {}}');
    await expect(FigureFolder.open(out, false)).rejects.toThrow(/is there already, and no earlier report wrote it/);
  },
);

test('a list of files that leads out of the folder is none of ours', async () => {
  const out = free();
  mkdirSync(out);
  writeFileSync(join(root, 'precious.svg'), 'kept');
  const files = { '../precious.svg': '0' };
  writeFileSync(join(out, 'report.json'), JSON.stringify({ madeBy: 'npm run visualize', source: 'x', files }));
  await expect(FigureFolder.open(out, false)).rejects.toThrow(/report\.json is there already/);
  await (await FigureFolder.open(out, true)).write('runs/a', [], 'a');
  expect(readFileSync(join(root, 'precious.svg'), 'utf8')).toBe('kept');
});

test('a folder that cannot be one is refused', async () => {
  writeFileSync(join(root, 'file'), '');
  await expect(FigureFolder.open(join(root, 'file'), false)).rejects.toMatchObject({ code: 'storage' });
});
