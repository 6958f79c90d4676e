import { join } from 'node:path';
import { StudioError } from '../src/base/errors.ts';
import { METRICS_FILE, RUN_FILE } from '../src/platform/node/run-store.ts';
import { isThere } from './cli/input-file.ts';
import { wholeNumber } from './cli/option-values.ts';
import { type CommandContext, refuseUsage, runCommand } from './cli/run-command.ts';
import { hasFonts } from './drawing/label-text.ts';
import { drawData } from './figures/data-figures.ts';
import { dataReport } from './figures/data-report.ts';
import type { Figure, LeftOut } from './figures/figure.ts';
import { FigureFolder, REPORT_FILE } from './figures/figure-folder.ts';
import { drawRun } from './figures/run-figures.ts';
import { runReport } from './figures/run-report.ts';
import { openDataSet } from './sources/open-data-set.ts';
import { readRunFile } from './training/run-file.ts';

interface Options {
  readonly out: string;
  readonly data?: string;
  readonly images?: number;
  readonly force?: boolean;
}

/** What `--json` prints. */
interface Visualized {
  readonly source: string;
  readonly kind: 'run' | 'data';
  /** The page. */
  readonly report: string;
  readonly figures: readonly {
    readonly name: string;
    readonly title: string;
    readonly svg: string;
    readonly png: string;
  }[];
  readonly left_out: readonly LeftOut[];
}

/** What is to be written. */
interface Report extends Pick<Visualized, 'kind'> {
  readonly figures: readonly Figure[];
  readonly leftOut: readonly LeftOut[];
  readonly page: string;
}

const DEFAULT_OUT = join('reports', 'figures');

await runCommand<Options>({
  name: 'npm run visualize --',
  summary: 'Draws a run or a data set: figures as SVG and PNG, and a page in Markdown that shows them.',
  define(command) {
    command
      .argument('<source>', "a run's folder as train wrote it; or a data set: a folder, a tar, a zip, or sample")
      .option('--out <DIR>', 'where to write; an earlier report there is replaced', DEFAULT_OUT)
      .option('--data <DIR|TAR|sample>', 'of a run: where its data set lies now, if not where it was')
      .option(
        '--images <N>',
        'of a run: predict on the first N pictures of val',
        wholeNumber('--images', 1, 10_000_000),
      )
      .option('--force', 'write over files that no earlier report wrote');
  },
  run: (options, [source = ''], context) => visualize(source, options, context),
});

async function visualize(source: string, options: Options, context: CommandContext): Promise<Visualized> {
  const { out, force = false } = options;
  if (source === '') refuseUsage("Found an empty name; expected a run's folder, or a data set.");
  if (out === '') refuseUsage('--out: found an empty name; expected a folder to write to.');
  const isRun = await isRunFolder(source);
  const ofRunsOnly = (['data', 'images'] as const).find((name) => options[name] !== undefined);
  if (!isRun && ofRunsOnly) refuseUsage(`Found --${ofRunsOnly} with ${source}, which is no run; leave it out.`);
  const folder = await FigureFolder.open(out, force);
  if (!(await hasFonts())) {
    context.say(
      'No font was found on this machine: text in the PNG files cannot be read. Install one, such as fonts-dejavu-core; the SVG files take the fonts of whatever shows them.',
    );
  }
  const { kind, figures, leftOut, page } = await (isRun
    ? reportRun(source, options, context)
    : reportData(source, context));
  context.signal.throwIfAborted();
  if (folder.earlierSource !== null && folder.earlierSource !== source) {
    context.say(`Replacing the figures of ${folder.earlierSource} in ${out}.`);
  }
  await folder.write(source, figures, page);
  for (const { name, reason } of leftOut) context.say(`Left out: ${name}: ${reason}`);
  const report = join(out, REPORT_FILE);
  context.print(`${figures.length} ${figures.length === 1 ? 'figure' : 'figures'} as SVG and PNG, shown in ${report}.`);
  return {
    source,
    kind,
    report,
    figures: figures.map(({ name, title }) => ({
      name,
      title,
      svg: join(out, `${name}.svg`),
      png: join(out, `${name}.png`),
    })),
    left_out: leftOut,
  };
}

async function reportRun(source: string, options: Options, context: CommandContext): Promise<Report> {
  const run = await readRunFile(source);
  const drawn = await drawRun(source, run, { data: options.data ?? null, images: options.images ?? null }, context);
  return { kind: 'run', ...drawn, page: runReport(source, run, drawn) };
}

async function reportData(source: string, context: CommandContext): Promise<Report> {
  const dataSet = await openDataSet(source, context);
  const drawn = await drawData(dataSet, context);
  return { kind: 'data', ...drawn, page: dataReport(source, dataSet, drawn) };
}

/** Whether that folder is a run's. Throws `not-found` for what looks like a run and lacks its run.json. */
async function isRunFolder(source: string): Promise<boolean> {
  if (await isThere(join(source, RUN_FILE))) return true;
  if (!(await isThere(join(source, METRICS_FILE)))) return false;
  throw new StudioError(
    'not-found',
    `${source} is no run: it has a ${METRICS_FILE}, but no ${RUN_FILE}; expected a folder that "npm run train" wrote.`,
    { source },
  );
}
