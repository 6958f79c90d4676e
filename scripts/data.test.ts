import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTar } from 'modern-tar';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { killedAndResumed } from '../bench/archive/archive.ts';
import { folderHash } from '../bench/archive/data-command.ts';
import { serveFlaky } from '../bench/archive/flaky-server.ts';
import { type MadeTotals, writeMadeVoc } from '../bench/archive/made-voc.ts';
import { readShardIndex } from '../src/data/shard-index.ts';
import { readTarTree } from '../src/data/tar-tree.ts';
import type { DataSet } from '../src/data/types.ts';
import { readVocDataSet } from '../src/data/voc-data-set.ts';
import { type Ended, runScriptHere } from './cli/test-in-process.ts';
import { onMirror } from './data-set/known-sets.ts';
import { openDataSet } from './sources/open-data-set.ts';
import { vocFiles, vocObject, writeFiles } from './sources/test-files.ts';

vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'detrain-data-'));
const archive = join(folder, 'VOCtrainval_11-May-2012.tar');
let totals: MadeTotals;
let out = '';
let folders = 0;

beforeAll(async () => {
  totals = await writeMadeVoc(archive, { train: 30, val: 20, unlisted: 20, segmented: 5, averageBytes: 60_000 }, 1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  folders += 1;
  out = join(folder, `out-${folders}`);
});

function data(...args: string[]): Promise<Ended> {
  return runScriptHere('data', args);
}

/** The set of a folder of shards, as train and evaluate open it. */
function opened(path: string): Promise<DataSet> {
  const silent = () => undefined;
  return openDataSet(path, {
    signal: new AbortController().signal,
    json: false,
    print: silent,
    say: silent,
    progress: { update: silent } as never,
    markFailed: silent,
  });
}

test('an archive becomes shards: the same set as it is read whole, and nothing of what no list names', async () => {
  const { code, stdout } = await data(archive, '--out', out, '--shard-mb', '1', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ out, counts: totals, classes: expect.any(Array) });
  const index = readShardIndex(readFileSync(join(out, 'index.json'), 'utf8'), 'index.json');
  expect(readdirSync(out).sort()).toEqual(
    ['index.json', ...index.shards.map(({ name }) => name), 'source.json'].sort(),
  );
  expect(index.shards.length).toBeGreaterThan(2);
  for (const { name, sha256, byteLength } of index.shards) {
    const bytes = readFileSync(join(out, name));
    expect([byteLength, sha256]).toEqual([bytes.byteLength, createHash('sha256').update(bytes).digest('hex')]);
  }
  expect(index.sources[0]?.md5).toBe(createHash('md5').update(readFileSync(archive)).digest('hex'));

  const whole = await readVocDataSet(await readTarTree(new Uint8Array(readFileSync(archive)), 'x'));
  const set = await opened(out);
  expect({ ...set, imageBytes: null }).toEqual({ ...whole, imageBytes: null });
  for (const { id } of [...whole.samples].reverse()) {
    expect(Buffer.from(await set.imageBytes(id)).equals(await whole.imageBytes(id))).toBe(true);
  }
  // The shards together are the set in its own form.
  const files = new Map<string, Uint8Array>();
  for (const { name } of index.shards) {
    const { files: some } = await readTarTree(new Uint8Array(readFileSync(join(out, name))), name);
    for (const [path, { read }] of some) files.set(path, await read());
  }
  expect([...files.keys()].filter((path) => path.endsWith('.jpg'))).toHaveLength(50);
  const again = await opened(writeFiles(join(folder, 'unpacked'), files));
  expect(again.hash).toBe(whole.hash);
});

test('a changed byte in a shard is told when its picture is read', async () => {
  await data(archive, '--out', out);
  const { samples } = readShardIndex(readFileSync(join(out, 'index.json'), 'utf8'), 'index.json');
  const [sample] = samples;
  if (sample === undefined) throw new Error('no sample');
  const shard = join(out, 'shard-00000.tar');
  const bytes = readFileSync(shard);
  bytes[sample.picture.byteOffset + 100] = (bytes[sample.picture.byteOffset + 100] ?? 0) ^ 1;
  writeFileSync(shard, bytes);
  const set = await opened(out);
  await expect(set.imageBytes(sample.id)).rejects.toThrow(/is not what was written there/);
});

test('from a server that breaks off, and from the disk: the same bytes', async () => {
  await data(archive, '--out', out);
  const server = await serveFlaky(archive, { cuts: 4 });
  try {
    const fetched = `${out}-fetched`;
    const { code, stderr } = await data(server.address, '--out', fetched);
    expect([code, server.cuts()]).toEqual([0, 4]);
    expect(stderr).toMatch(/The connection broke with \d+ bytes there/);
    expect(readFileSync(join(fetched, 'index.json')).equals(readFileSync(join(out, 'index.json')))).toBe(true);
    expect(readFileSync(join(fetched, 'raw', 'VOCtrainval_11-May-2012.tar')).equals(readFileSync(archive))).toBe(true);
    // The same command again finds everything there.
    expect((await data(server.address, '--out', fetched)).stdout).toMatch(/is in .* already/);
  } finally {
    server.close();
  }
});

test('killed at random moments, the same command goes on to the same bytes', async () => {
  const { same, kills } = await killedAndResumed(archive, join(folder, 'killed'), 3, 7, () => undefined);
  expect(same).toBe(kills);
});

test('lists that come after their pictures: the source is read once more, and only what they name is kept', async () => {
  const files = vocFiles({ a: vocObject('cat'), b: vocObject('cat'), c: vocObject('dog') });
  const late = [...files, ['ImageSets/Main/train.txt', new TextEncoder().encode('a\n')] as const];
  const early = [['ImageSets/Main/val.txt', new TextEncoder().encode('b\n')] as const, ...late];
  for (const [name, entries] of Object.entries({ late, early })) {
    const tar = join(folder, `${name}.tar`);
    const packed = entries.map(([path, body]) => ({ header: { name: path, size: body.byteLength }, body }));
    writeFileSync(tar, await packTar(packed));
    const { stderr } = await data(tar, '--out', `${out}-${name}`);
    expect(stderr).toMatch(/the source is read once more/);
    const { samples } = await opened(`${out}-${name}`);
    expect(samples.map(({ id }) => id)).toEqual(name === 'late' ? ['a'] : ['a', 'b']);
    const shard = await readTarTree(new Uint8Array(readFileSync(join(`${out}-${name}`, 'shard-00000.tar'))), 'x');
    expect(shard.files.size).toBe(samples.length);
  }
});

test("somebody's files are never overwritten, nor is one set by another", async () => {
  writeFiles(out, new Map([['mine.txt', new TextEncoder().encode('mine')]]));
  const refused = await data(archive, '--out', out);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/is not empty; nothing in it was changed/) });
  expect(readdirSync(out)).toEqual(['mine.txt']);
  const second = `${out}-second`;
  await data('sample', '--out', second);
  const before = folderHash(second);
  expect((await data(archive, '--out', second)).stderr).toMatch(/was begun with another source/);
  expect(folderHash(second)).toBe(before);
});

test('an entry that leads outside is left out, and nothing is written but the folder', async () => {
  const root = join(folder, 'root');
  mkdirSync(root);
  const body = new Uint8Array(5);
  const evil = ['../evil.jpg', '/evil.jpg', 'JPEGImages/../../evil.jpg'];
  const files = [...evil.map((path) => [path, body] as const), ...vocFiles({ a: vocObject('cat') })];
  const tar = join(folder, 'evil.tar');
  writeFileSync(
    tar,
    await packTar(files.map(([name, bytes]) => ({ header: { name, size: bytes.byteLength }, body: bytes }))),
  );
  const { code, stderr } = await data(tar, '--out', join(root, 'set'));
  expect(code).toBe(0);
  expect(stderr.match(/leads outside the archive/g)).toHaveLength(3);
  expect(readdirSync(root)).toEqual(['set']);
  expect(existsSync(join(folder, 'evil.jpg'))).toBe(false);
});

test('a mirror whose archive is another is refused by its md5, and what it sent is deleted', async () => {
  const server = await serveFlaky(archive, {});
  try {
    const { code, stderr } = await data('voc2012', '--mirror', server.address, '--out', out);
    expect(code).toBe(1);
    expect(stderr).toMatch(/has the md5 [0-9a-f]{32}, expected 6cd6e144f989b92b3379bac3b3de84fd/);
    expect(readdirSync(join(out, 'raw'))).toEqual([]);
    expect(existsSync(join(out, 'index.json'))).toBe(false);
  } finally {
    server.close();
  }
});

test('where a mirror has an archive: in the folder that it is, or itself', () => {
  expect(onMirror('https://m.example/voc/', 'a b.tar')).toBe('https://m.example/voc/a%20b.tar');
  expect(onMirror('https://m.example/voc', 'a.tar')).toBe('https://m.example/voc/a.tar');
  expect(onMirror('https://m.example/voc/a.tar?x=1', 'a.tar')).toBe('https://m.example/voc/a.tar?x=1');
});

let pages: Server;
afterAll(() => pages?.close());

test.each([
  [['nowhere'], 1, /There is no file or folder nowhere; expected voc2012, voc2007, sample, a path or an address/],
  [['sample', '--mirror', 'http://x/'], 2, /a mirror is for voc2012 and voc2007/],
  [['voc2012', '--mirror', 'x'], 2, /expected the http\(s\) address/],
  [['sample', '--shard-mb', '0'], 2, /--shard-mb 0: expected a whole number from 1 to 1,024/],
  [['sample', '--out', ''], 2, /--out: found an empty name/],
])('%j is refused in one line', async (args, code, message) => {
  const ended = await data(...args, ...(args.includes('--out') ? [] : ['--out', out]));
  expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
  expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('a page in place of an archive, and an archive that is cut off, end with a sentence', async () => {
  pages = createServer((request, response) => {
    if (request.url === '/cut.tar') response.end(readFileSync(archive).subarray(0, 100_000));
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  const root = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  expect((await data(`${root}/set.tar`, '--out', out)).stderr).toMatch(/is a web page, not the archive/);
  const cut = await data(`${root}/cut.tar`, '--out', `${out}-cut`);
  expect(cut).toMatchObject({ code: 1, stderr: expect.stringMatching(/cut\.tar is cut off .*fetches it anew/) });
});
