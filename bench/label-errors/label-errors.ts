import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../scripts/setup/project-root.ts';
import type { LabelError } from '../../scripts/sources/label-errors.ts';
import type { BoxXyxy } from '../../src/base/boxes.ts';
import { StudioError } from '../../src/base/errors.ts';
import { iou } from '../../src/base/iou.ts';
import { exportVocTar } from '../../src/data/export-voc.ts';
import type { DataSet } from '../../src/data/types.ts';
import { type BenchRow, ours } from '../report.ts';
import { BREAKAGES, type BrokenLabel, breakLabels } from './break-labels.ts';

const SHARE = 0.05;
const SEED = 0;
/** So much of the list is looked at. */
const LOOKED_AT = 0.1;

/**
 * How soon labels that were broken on purpose are found: 5 % of the boxes of a set are moved, relabelled, removed or doubled, the
 * tiny checkpoint is fine-tuned on what is left by the standard recipe, and its evaluation on all pictures lists what may be wrong.
 */
export async function benchLabelErrors(
  dataSet: DataSet,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'detrain-bench-'));
  try {
    const { set, broken } = breakLabels(dataSet, SHARE, SEED);
    const [tar, run, list] = ['broken.tar', 'run', 'errors.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(tar, Buffer.from(await (await exportVocTar(set, signal)).arrayBuffer()));
    say(`Training on ${dataSet.name}, of whose labels ${broken.length} are broken.`);
    await command('train', ['--data', tar, '--recipe', 'standard', '--seed', '0', '--out', run], signal);
    say('Looking for them.');
    await command('evaluate', [run, '--data', tar, '--split', 'trainval', '--label-errors', list], signal);
    const found = JSON.parse(await readFile(list, 'utf8')) as LabelError[];
    const boxes = set.samples.reduce((sum, { objects }) => sum + objects.length, 0);
    return rowsOf(found, broken, boxes);
  } finally {
    if (process.env.DETRAIN_KEEP === undefined) await rm(folder, { recursive: true, force: true });
    else say(`Kept: ${folder}`);
  }
}

function rowsOf(found: readonly LabelError[], broken: readonly BrokenLabel[], boxes: number): BenchRow[] {
  const share = (of: readonly BrokenLabel[], first: number): number => {
    const looked = found.slice(0, first);
    return (100 * of.filter((label) => looked.some((error) => isAbout(error, label))).length) / of.length;
  };
  const first = Math.round(LOOKED_AT * found.length);
  return [
    ours('boxes', boxes, 'boxes'),
    ours('broken labels', broken.length, 'boxes'),
    ours('findings', found.length, 'findings'),
    ours('broken labels in the first 10 % of the findings', share(broken, first), '%'),
    ours('broken labels in as many findings as 10 % of the boxes', share(broken, Math.round(LOOKED_AT * boxes)), '%'),
    ours('broken labels in as many findings as there are broken ones', share(broken, broken.length), '%'),
    ours('broken labels in all findings', share(broken, found.length), '%'),
    ...BREAKAGES.map((breakage) => {
      const of = broken.filter((label) => label.breakage === breakage);
      return ours(`${breakage}, in the first 10 % of the findings`, share(of, first), '%');
    }),
  ];
}

/** Whether a finding leads to a broken label: it is about the wrong box, or about the thing that has none. */
function isAbout({ image, label, found }: LabelError, { sampleId, breakage, boxXyxyPx, wrongXyxyPx }: BrokenLabel) {
  if (image !== sampleId) return false;
  if (label === null) {
    return breakage !== 'doubled' && found !== null && iou(found.box, boxXyxyPx) >= 0.5;
  }
  const isSame = (box: BoxXyxy | null): boolean =>
    box?.every((edge, i) => Math.abs(edge - (label.box[i] ?? 0)) <= 1) === true;
  return isSame(wrongXyxyPx) || (breakage === 'doubled' && isSame(boxXyxyPx));
}

/** Runs one of the project's commands as a process of its own. Throws `internal` with what it said where it fails. */
function command(name: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(PROJECT_ROOT, `scripts/${name}.ts`), ...args], {
    signal,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new StudioError('internal', `npm run ${name} ended with ${code}: ${said}`));
    });
  });
}
