import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTar } from 'modern-tar';
import { afterAll, expect, test, vi } from 'vitest';
import { runScriptHere } from './cli/test-in-process.ts';
import { runQuietly } from './setup/run-quietly.ts';
import { SAMPLE_PICTURES } from './sources/bundled.ts';
import { changedCheckpoint, vocFiles, vocObject, writeFiles } from './sources/test-files.ts';

// The last test starts processes; the machine may be busy.
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'detrain-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const PICTURE = join(SAMPLE_PICTURES, '2026_000003.jpg');
const TENSOR = 'class_labels_classifier.bias';

function file(name: string, bytes: string | Uint8Array): string {
  writeFileSync(at(name), bytes);
  return at(name);
}

const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 2654435761) >>> 13);
const randomBytes = file('noise.safetensors', noise);
const emptyConfig = changedCheckpoint(at('empty-config'), {});
writeFileSync(join(emptyConfig, 'config.json'), '{}');
const missing = changedCheckpoint(at('missing'), { tensors: (tensors) => tensors.delete(TENSOR) });
const extra = changedCheckpoint(at('extra'), {
  tensors: (tensors) => tensors.set('surplus.weight', { dtype: 'F32', shape: [1], data: new Float32Array(1) }),
});
const reshaped = changedCheckpoint(at('reshaped'), {
  tensors: (tensors) => tensors.set(TENSOR, { dtype: 'F32', shape: [3], data: new Float32Array(3) }),
});

const noPicture = writeFiles(at('no-picture'), new Map([['Annotations/a.xml', new TextEncoder().encode('<a/>')]]));
const noBox = writeFiles(at('no-box'), vocFiles({ a: '', b: '' }));
const wombats = writeFiles(at('wombats'), vocFiles({ a: vocObject('wombat'), b: vocObject('cat') }));
const onePicture = writeFiles(at('one-picture'), vocFiles({ a: vocObject('cat') }));
const page = file('page.jpg', '<!doctype html><html><body>Not found</body></html>');
const headless = writeFiles(at('headless'), new Map([['metrics.jsonl', new Uint8Array(0)]]));
const full = at('full');
mkdirSync(full);
file('full/precious.txt', 'kept');
file('full/2026_000003.jpg', 'kept');

interface Case {
  readonly it: string;
  readonly args: readonly string[];
  readonly code: 1 | 2;
  readonly says: RegExp;
}

const CASES: readonly Case[] = [
  {
    it: 'random bytes as weights',
    args: ['predict', randomBytes, PICTURE],
    code: 1,
    says: /^noise\.safetensors: .*(expected|at most).*fetch or export it again/,
  },
  {
    it: 'an empty config.json',
    args: ['train', '--model', emptyConfig],
    code: 1,
    says: /^config\.json: "model_type" is missing.*Expected the config\.json of a DETR checkpoint/,
  },
  {
    it: 'a missing tensor',
    args: ['predict', missing, PICTURE],
    code: 1,
    says: new RegExp(`tensor "${TENSOR}" is missing.*Use the weights together with their own config`),
  },
  {
    it: 'a tensor too many',
    args: ['evaluate', extra, '--data', 'sample'],
    code: 1,
    says: /tensor "surplus\.weight" belongs to no part of the model/,
  },
  {
    it: 'a tensor of another shape',
    args: ['train', '--model', reshaped],
    code: 1,
    says: new RegExp(`tensor "${TENSOR}" has the shape \\[3\\], but config\\.json asks for \\[\\d+\\]`),
  },
  {
    it: 'weights that are not there',
    args: ['predict', at('nowhere'), PICTURE],
    code: 1,
    says: /There are no weights at .*nowhere; expected a checkpoint's folder/,
  },
  {
    it: 'a folder without weights',
    args: ['train', '--model', full],
    code: 1,
    says: /has no model\.safetensors; expected/,
  },
  { it: 'no arguments to predict', args: ['predict'], code: 2, says: /missing required argument 'weights'.*--help$/ },
  { it: 'no picture', args: ['predict', 'tiny'], code: 2, says: /missing required argument 'images'.*--help$/ },
  {
    it: 'an absurd threshold',
    args: ['predict', 'tiny', PICTURE, '--threshold', '70'],
    code: 2,
    says: /--threshold 70: expected a number from 0 to 1/,
  },
  { it: 'an unknown option', args: ['predict', 'tiny', PICTURE, '--outt', 'x'], code: 2, says: /Did you mean --out/ },
  {
    it: 'a drawn picture that would overwrite another',
    args: ['predict', 'tiny', PICTURE, '--out', full],
    code: 1,
    says: /full\/2026_000003\.jpg is there already; expected a free name.*--force/,
  },
  {
    it: 'a drawn picture that would overwrite its original',
    args: ['predict', 'tiny', PICTURE, '--out', SAMPLE_PICTURES, '--force'],
    code: 1,
    says: /is the picture itself; expected another folder/,
  },
  { it: 'no arguments to evaluate', args: ['evaluate'], code: 2, says: /Found nothing to evaluate; expected/ },
  { it: 'weights without data', args: ['evaluate', 'tiny'], code: 2, says: /without --data; expected the data set/ },
  {
    it: 'both ways to evaluate',
    args: ['evaluate', 'tiny', '--detections', 'a.json'],
    code: 2,
    says: /expected one or the other/,
  },
  {
    it: 'data without weights',
    args: ['evaluate', '--data', 'sample'],
    code: 2,
    says: /Found --data without WEIGHTS; expected WEIGHTS --data D/,
  },
  {
    it: 'a negative number of steps',
    args: ['train', '--steps', '-5'],
    code: 2,
    says: /expected a whole number from 1/,
  },
  { it: 'an absurd number of steps', args: ['train', '--steps', '1e99'], code: 2, says: /from 1 to 10,000,000/ },
  { it: 'an argument too many', args: ['train', 'tiny'], code: 2, says: /too many arguments/ },
  {
    it: 'a suite that there is not',
    args: ['bench', '--suite', 'kernel'],
    code: 2,
    says: /--suite kernel: expected step, resnet50, kernels, variants, forward, data, archive, annotations, fuzz, cleaning, label-errors, reading, large-set, kills, project or page/,
  },
  {
    it: 'a folder that is not empty',
    args: ['train', '--out', full],
    code: 1,
    says: /full is not empty \(it holds 2026_000003\.jpg, precious\.txt\); expected.*--force/,
  },
  {
    it: 'a data set without a picture',
    args: ['train', '--data', noPicture, '--out', at('out')],
    code: 1,
    says: /there is no picture in it/,
  },
  {
    it: 'data that is not there',
    args: ['train', '--data', at('none')],
    code: 1,
    says: /There is no folder or archive/,
  },
  {
    it: 'data that is no archive',
    args: ['train', '--data', randomBytes],
    code: 1,
    says: /not a readable tar.*expected/,
  },
  {
    it: 'a run that is not there',
    args: ['train', '--resume', at('nowhere')],
    code: 1,
    says: /nowhere is no run: it has no run\.json; expected/,
  },
  {
    it: 'a run without a name',
    args: ['train', '--resume', ''],
    code: 2,
    says: /--resume: found an empty name; expected the run's folder/,
  },
  {
    it: 'other settings for a run that goes on',
    args: ['train', '--resume', at('nowhere'), '--steps', '9', '--lr-backbone', '1e-4'],
    code: 2,
    says: /^Found --lr-backbone with --resume; .*goes on with its own settings\. Leave --lr-backbone out/,
  },
  {
    it: 'a class table that is none',
    args: ['train', '--class-map', file('table.json', '{"cat": 3}')],
    code: 2,
    says: /table\.json is no class table; expected JSON such as/,
  },
  {
    it: 'a class table with detections',
    args: ['evaluate', '--class-map', 'table.json'],
    code: 2,
    says: /Found --class-map without WEIGHTS/,
  },
  {
    it: 'an export to nowhere',
    args: ['export', 'tiny', '--to', 'trainer'],
    code: 2,
    says: /Found no --out; expected --to .*trainer and --out DIR/,
  },
  {
    it: 'weights for the Trainer without data',
    args: ['export', 'tiny', '--to', 'trainer', '--out', at('out')],
    code: 2,
    says: /^tiny is no run; expected a run's folder, or weights with --data: say --data D/,
  },
  {
    it: 'an export over something',
    args: ['export', 'tiny', '--to', 'trainer', '--data', 'sample', '--out', full],
    code: 1,
    says: /full is not empty .*--force/,
  },
  {
    it: 'a hub that does not answer',
    args: ['train', '--model', 'someone/not-kept-here', '--mirror', 'http://127.0.0.1:9'],
    code: 1,
    says: /127\.0\.0\.1:9 does not answer for .*someone\/not-kept-here: there is no connection/,
  },
  {
    it: 'a mirror that is no address',
    args: ['predict', 'resnet-50@nowhere', PICTURE, '--mirror', 'hub.example'],
    code: 2,
    says: /--mirror hub\.example: expected an address such as https:/,
  },
  {
    it: 'a mirror for weights of this disk',
    args: ['predict', 'tiny', PICTURE, '--mirror', 'https://hub.example'],
    code: 2,
    says: /Found --mirror with tiny, which is no model of a hub/,
  },
  {
    it: 'a mistyped path, which is not asked for elsewhere',
    args: ['predict', 'scripts/nowhere', PICTURE],
    code: 1,
    says: /There are no weights at scripts\/nowhere; expected/,
  },
  { it: 'nothing to draw', args: ['visualize'], code: 2, says: /missing required argument 'source'.*--help$/ },
  {
    it: 'figures of what is not there',
    args: ['visualize', at('nowhere'), '--out', at('out')],
    code: 1,
    says: /There is no folder or archive/,
  },
  {
    it: 'a folder that is neither a run nor a data set',
    args: ['visualize', noPicture, '--out', at('out')],
    code: 1,
    says: /there is no picture in it/,
  },
  {
    it: 'a list of label errors in place of a file',
    args: ['evaluate', 'tiny', '--data', 'sample', '--label-errors', page],
    code: 2,
    says: /--label-errors: found .*, which is there already; expected a new name/,
  },
  {
    it: 'a list of label errors in a folder that there is not',
    args: ['evaluate', 'tiny', '--data', 'sample', '--label-errors', at('nowhere/errors.json')],
    code: 2,
    says: /--label-errors: found no folder .*nowhere; make it first/,
  },
  {
    it: 'a run without its run.json',
    args: ['visualize', headless, '--out', at('out')],
    code: 1,
    says: /headless is no run: it has a metrics\.jsonl, but no run\.json; expected a folder that "npm run train" wrote/,
  },
  {
    it: 'pictures to predict on, for a data set',
    args: ['visualize', onePicture, '--images', '3', '--out', at('out')],
    code: 2,
    says: /Found --images with .*one-picture, which is no run; leave it out/,
  },
  {
    it: 'figures without a place',
    args: ['visualize', 'sample', '--out', ''],
    code: 2,
    says: /--out: found an empty name; expected a folder/,
  },
];

function expectPlain(stderr: string): void {
  expect(stderr).not.toMatch(/^\s+at |Error:|node:internal|Something went wrong/m);
}

test.each(CASES)('$it: one line, status $code', async ({ args: [name = '', ...args], code, says }) => {
  const outcome = await runScriptHere(name, args);
  expectPlain(outcome.stderr);
  // One line alone also means that no device was opened, which is always said.
  expect(outcome.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(says)]);
  expect(outcome).toMatchObject({ code, stdout: '' });
});

test('pictures that cannot be used are told one by one', async () => {
  const bad = [page, at('none.jpg'), 'http://127.0.0.1:1/a.jpg', folder, 'file:///etc/hostname'];
  const { code, stdout, stderr } = await runScriptHere('predict', ['tiny', ...bad, '--json']);
  expectPlain(stderr);
  const lines = stderr
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('predicting '));
  expect(lines).toEqual([
    `${page}: The file is a web page or XML, not a picture; JPEG, PNG, WebP, GIF and BMP are read.`,
    `${at('none.jpg')}: There is no such file; expected a picture. Check the path.`,
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/a\.jpg: Nothing answers .*expected a web server. Check/),
    expect.stringMatching(/: It is a folder; expected a picture\./),
    expect.stringMatching(/^file:\/\/\/etc\/hostname: Found an address that starts with file:; expected http/),
  ]);
  expect({ code, document: JSON.parse(stdout) }).toEqual({ code: 1, document: [] });
});

test('an archive with names that lead outside, and a class that the weights lack', async () => {
  const files = vocFiles({ a: vocObject('wombat'), b: vocObject('cat') });
  const entries = [
    ...files,
    ['../evil.txt', new Uint8Array(3)] as const,
    ['/tmp/evil.txt', new Uint8Array(3)] as const,
  ];
  const tar = await packTar(
    entries.map(([name, bytes]) => ({ header: { name, size: bytes.byteLength }, body: bytes })),
  );
  const inner = at('archive');
  mkdirSync(inner);
  const { code, stderr } = await runScriptHere('evaluate', [
    'tiny',
    '--data',
    file('archive/set.tar', tar),
    '--split',
    'train',
  ]);
  expectPlain(stderr);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toContainEqual(expect.stringMatching(/^Note: \.\.\/evil\.txt: .*left out and nothing was written\.$/));
  expect(lines).toContainEqual(expect.stringMatching(/^Note: \/tmp\/evil\.txt: .*left out and nothing was written\.$/));
  expect(lines.at(-1)).toMatch(
    /The weights know no class "wombat" of set\.tar; they know .*fine-tuned on this data set/,
  );
  expect(code).toBe(1);
  expect([readdirSync(inner), existsSync(at('evil.txt')), existsSync('/tmp/evil.txt')]).toEqual([
    ['set.tar'],
    false,
    false,
  ]);
});

test.each([
  {
    it: 'a split that is not there',
    args: ['evaluate', 'tiny', '--data', wombats, '--split', 'best'],
    says: /no split "best"; it has/,
  },
  {
    it: 'a data set without a box',
    args: ['train', '--data', noBox, '--out', at('out')],
    says: /no box in any annotation, so there is nothing to learn; label some/,
  },
  {
    it: 'too few pictures to measure on',
    args: ['train', '--data', onePicture, '--out', at('out')],
    says: /split "val" .*has no usable picture.*--eval-every 0/,
  },
])(
  '$it: told after the notices on the data, before a device is opened',
  async ({ args: [name = '', ...args], says }) => {
    const { code, stdout, stderr } = await runScriptHere(name, args);
    expectPlain(stderr);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(says);
    expect(stderr).not.toMatch(/No GPU was found|Computing on/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  },
);

test('a split without lists is drawn for measuring as it was for training, whatever the seed', async () => {
  const drawn = /^Note: .* were drawn with seed .*$/m;
  const trained = await runScriptHere('train', ['--data', onePicture, '--seed', '7', '--out', at('out')]);
  const measured = await runScriptHere('evaluate', ['tiny', '--data', onePicture, '--split', 'best']);
  expect(trained.stderr).toMatch(drawn);
  expect(drawn.exec(measured.stderr)?.[0]).toBe(drawn.exec(trained.stderr)?.[0]);
});

test('as processes of their own the commands end alike', async () => {
  const lines = [
    ['predict', missing, PICTURE],
    ['train', '--steps', '-5'],
    ['evaluate', 'tiny'],
  ];
  const started = await Promise.all(
    lines.map(([name = '', ...args]) =>
      runQuietly(process.execPath, ['--import', 'tsx', `scripts/${name}.ts`, ...args], { timeoutMs: 110_000 }),
    ),
  );
  const here = [];
  for (const [name = '', ...args] of lines) here.push(await runScriptHere(name, args));
  expect(started).toEqual(here);
  expect(started.map(({ code }) => code)).toEqual([1, 2, 2]);
});

test('nothing was written, and what was there is as it was', () => {
  expect(existsSync(at('out'))).toBe(false);
  expect(readdirSync(full)).toEqual(['2026_000003.jpg', 'precious.txt']);
});
