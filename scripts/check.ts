import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bytesText } from '../src/base/bytes-text.ts';
import { rateMeter } from '../src/base/rate-meter.ts';
import { checkSet } from '../src/data/cleaning/check-set.ts';
import { changeOf } from '../src/data/cleaning/fixes.ts';
import type { CleaningReport, Fix, Look } from '../src/data/cleaning/types.ts';
import { decodeWith } from '../src/data/decode.ts';
import { exportSet } from '../src/data/export-set.ts';
import type { DataSet, ExportForm } from '../src/data/types.ts';
import { applyChange } from '../src/data/versions/apply-change.ts';
import { decodePixels } from '../src/platform/node/decode.ts';
import { oneOf, someOf, wholeNumber } from './cli/option-values.ts';
import { writeOutputFile } from './cli/output-file.ts';
import { type CommandContext, refuseUsage, runCommand } from './cli/run-command.ts';
import { checkReport } from './figures/check-report.ts';
import { duplicatePairs } from './figures/duplicate-pairs.ts';
import { FINDINGS_FILE, FigureFolder, REPORT_FILE } from './figures/figure-folder.ts';
import { openDataSet } from './sources/open-data-set.ts';

/** The fixes that need nothing but their name, in the order in which they are made. */
const FIXES = ['remove-duplicates', 'end-leaks', 'remove-doubled-boxes', 'remove-tiny-boxes'] as const;
type FixName = (typeof FIXES)[number];
const FORMS = ['voc', 'coco', 'yolo'] as const;
/** So many findings of a kind are listed; all of them stand in the report. */
const SHOWN = 20;
const PIECE_BYTES = 16e6;

interface Options {
  readonly fix?: readonly FixName[];
  readonly merge?: readonly string[];
  readonly split?: string;
  readonly seed?: number;
  readonly to?: ExportForm;
  readonly out?: string;
  readonly report?: string;
}

await runCommand<Options>({
  name: 'npm run check --',
  summary:
    'Looks for what is wrong in a data set: pictures that are twice in it, odd boxes, class names that may be one class. With --out the set is written again, mended as asked, in another form if asked.',
  define(command) {
    command
      .argument('<data>', 'a data set as npm run train takes it with --data')
      .option('--fix <NAMES>', `mend it, joined by commas: ${FIXES.join(', ')}`, someOf('--fix', FIXES))
      .option(
        '--merge <A=B>',
        'call the class A by the name B, may be given several times',
        (value: string, before: readonly string[] = []) => [...before, value],
      )
      .option('--split <TRAIN,VAL[,TEST]>', 'draw the splits anew, by class, such as 80,20')
      .option('--seed <N>', 'for --split (default: 0)', wholeNumber('--seed', 0, 2 ** 31))
      .option(
        '--to <FORM>',
        `the form in which --out is written: ${FORMS.join(', ')} (default: voc)`,
        oneOf('--to', FORMS),
      )
      .option('--out <FILE.tar>', 'where the mended set is written')
      .option(
        '--report <DIR>',
        'write what was found as a page with pictures, and as JSON; an earlier one is replaced',
      );
  },
  async run(options, [data = ''], context) {
    const fixes = fixesOf(options);
    const { out, to = 'voc' } = options;
    if (out === undefined && (fixes.length > 0 || options.to !== undefined)) {
      refuseUsage('--fix, --merge, --split and --to change what is written; give --out FILE.tar to write to.');
    }
    if (out !== undefined && existsSync(out)) refuseUsage(`--out: ${out} is there already; choose another name.`);
    if (options.report === '') refuseUsage('--report: found an empty name; expected a folder to write to.');
    const folder = options.report === undefined ? null : await FigureFolder.open(options.report, false, '--report');
    const dataSet = await openDataSet(data, context);
    const report = await check(dataSet, context);
    printReport(report, context);
    if (folder !== null && options.report !== undefined) {
      const sheet = await duplicatePairs(dataSet, report.duplicates, context);
      const figures = sheet === null ? [] : [sheet];
      const page = checkReport(data, dataSet, report, figures, FINDINGS_FILE);
      await folder.write(data, figures, page, `${JSON.stringify(report, null, 2)}\n`);
      context.print(`Shown in ${join(options.report, REPORT_FILE)}.`);
    }
    if (out === undefined) return report;
    const { mended, done } = mend(dataSet, report, fixes);
    for (const line of done) context.print(line);
    const { blob, lost } = await exportSet(withProgress(mended, context), to);
    await writeOutputFile(dirname(out), basename(out), chunksOf(blob), context.signal);
    context.print(`Written to ${out}: ${mended.samples.length} pictures, ${bytesText(blob.size)}.`);
    for (const line of lost) context.print(`Not in it: ${line}`);
    return { ...report, out, fixed: done, lost };
  },
});

/** What the options ask for, in the order in which it is done. Refuses what is no fix. */
function fixesOf({ fix = [], merge = [], split, seed = 0 }: Options): Fix[] {
  const merges = merge.map((text): Fix => {
    const [from = '', into = '', ...rest] = text.split('=').map((part) => part.trim());
    if (from === '' || into === '' || rest.length > 0)
      refuseUsage(`--merge: found "${text}"; expected A=B, two class names.`);
    return { kind: 'merge-classes', from: [from], into };
  });
  const plain = FIXES.filter((name) => fix.includes(name)).map((kind): Fix => ({ kind }));
  if (split === undefined) return [...merges, ...plain];
  const shares = split.split(',').map(Number);
  if (shares.length < 2 || shares.length > 3 || shares.some((share) => !(share >= 0)) || !((shares[0] ?? 0) > 0)) {
    refuseUsage(`--split: found "${split}"; expected two or three shares, such as 80,20 or 70,20,10.`);
  }
  const [train = 0, val = 0, test] = shares;
  return [...merges, ...plain, { kind: 'split', shares: { train, val, ...(test !== undefined && { test }) }, seed }];
}

function check(dataSet: DataSet, { signal, progress }: CommandContext): Promise<CleaningReport> {
  return checkSet(dataSet, {
    decode: decodeWith(decodePixels),
    now: () => performance.now(),
    signal,
    looks: new Map<string, Look>(),
    sha256: new Map(),
    onProgress: ({ done, total, picturesPerSecond, secondsLeft }) =>
      progress.update({ label: 'looking', done, total, perSecond: picturesPerSecond, unit: 'pictures', secondsLeft }),
  });
}

/** The same set, which says how many of its pictures were read, and reads no more once it is to stop. */
function withProgress(dataSet: DataSet, { signal, progress }: CommandContext): DataSet {
  const total = dataSet.samples.length;
  const meter = rateMeter(() => performance.now());
  let done = 0;
  return {
    ...dataSet,
    async imageBytes(id) {
      signal.throwIfAborted();
      const bytes = await dataSet.imageBytes(id);
      done += 1;
      meter.report(done);
      const { perSecond, secondsLeft } = meter.rate(total);
      progress.update({ label: 'packing', done, total, perSecond, unit: 'pictures', secondsLeft });
      return bytes;
    },
  };
}

/** A blob's bytes piece by piece: a set as a whole may be larger than what one array holds. */
async function* chunksOf(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < blob.size; start += PIECE_BYTES) {
    yield new Uint8Array(await blob.slice(start, start + PIECE_BYTES).arrayBuffer());
  }
}

function mend(dataSet: DataSet, { duplicates }: CleaningReport, fixes: readonly Fix[]) {
  const { imageBytes, ...set } = dataSet;
  let index = { ...set, id: set.name };
  let groups = duplicates;
  const done: string[] = [];
  for (const fix of fixes) {
    const proposed = changeOf(fix, index, groups);
    if (proposed === null) continue;
    index = applyChange(index, proposed.change).index;
    const left = new Set(index.samples.map(({ id }) => id));
    groups = groups
      .map((group) => ({ ...group, sampleIds: group.sampleIds.filter((id) => left.has(id)) }))
      .filter(({ sampleIds }) => sampleIds.length > 1);
    done.push(`${proposed.what}.`);
  }
  return { mended: { ...index, imageBytes } satisfies DataSet, done };
}

function printReport(
  { name, pictures, duplicates, boxes, classes, unseen, empty, unlabelled, problems }: CleaningReport,
  context: CommandContext,
): void {
  const leaks = duplicates.filter((group) => group.leaks).length;
  context.print(
    `${name}: ${pictures} pictures, ${empty} with nothing in them, ${unlabelled} not labelled, ${problems} problems on reading.`,
  );
  if (leaks > 0)
    context.print(
      `LEAK: ${times(leaks, 'picture is', 'pictures are')} both trained on and measured on: figures will be too good.`,
    );
  list(
    context,
    `${times(duplicates.length, 'picture is', 'pictures are')} in it more than once.`,
    duplicates.map(({ kind, sampleIds, distance, leaks: isLeak }) => {
      const how = kind === 'exact' ? 'the same bytes' : `${distance} of 256 bits differ`;
      return `${sampleIds.join(', ')} (${how}${isLeak ? ', in train and in what is measured on' : ''})`;
    }),
  );
  list(
    context,
    `${times(boxes.length, 'odd box', 'odd boxes')}.`,
    boxes.map(({ reason }) => reason),
  );
  list(
    context,
    `${times(classes.length, 'remark', 'remarks')} on classes.`,
    classes.map(({ reason }) => reason),
  );
  list(
    context,
    `${times(unseen.length, 'picture', 'pictures')} could not be looked at.`,
    unseen.map(({ sampleId, reason }) => `${sampleId}: ${reason}`),
  );
  if (duplicates.length + boxes.length + classes.length + unseen.length === 0) context.print('Nothing was found.');
}

function list(context: CommandContext, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  context.print(title);
  for (const line of lines.slice(0, SHOWN)) context.print(`  ${line}`);
  if (lines.length > SHOWN) context.print(`  and ${lines.length - SHOWN} more (--json has all).`);
}

function times(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
