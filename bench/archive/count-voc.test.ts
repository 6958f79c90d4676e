import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { PROJECT_ROOT } from '../../scripts/setup/project-root.ts';
import { setCounts } from '../../src/data/set-counts.ts';
import { readTarTree } from '../../src/data/tar-tree.ts';
import { readVocDataSet } from '../../src/data/voc-data-set.ts';
import { countVoc } from './count-voc.ts';
import { writeMadeVoc } from './made-voc.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'detrain-counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FIXTURES = process.env.DETRAIN_FIXTURES ?? resolve(PROJECT_ROOT, '../shared/fixtures');
const BCCD = join(FIXTURES, 'voc/bccd/BCCD_trainval.tar');
const made = join(folder, 'made.tar');
await writeMadeVoc(made, { train: 40, val: 30, unlisted: 20, segmented: 10, averageBytes: 12_000 }, 3);
const sample = join(PROJECT_ROOT, 'public/sample/emoji-scenes.tar');

/** Photographs, in lists and annotations of their own tools. */
const hasBccd = existsSync(BCCD);

test.each(['sample', 'made', hasBccd ? 'bccd' : 'SKIPPED: no voc/bccd; set DETRAIN_FIXTURES'])(
  'counts agree with an independent reader: %s',
  async (name) => {
    const path = { sample, made, bccd: BCCD }[name];
    if (path === undefined) return;
    const set = await readVocDataSet(await readTarTree(new Uint8Array(readFileSync(path)), name));
    const ours = setCounts(set).splits.map(({ name: split, images, objects, difficult, classes }) => {
      const byClass = Object.fromEntries(classes.map((one) => [one.name, one.objects]));
      return [split, { images, objects, difficult, classes: byClass }];
    });
    expect(Object.fromEntries(ours)).toEqual(countVoc(path));
  },
);
