import type { EvaluationReport } from '../../src/metrics/types.ts';
import { bestEval } from '../../src/state/run-events.ts';
import { EVAL_SPLIT } from '../../src/train/splits.ts';
import { threeFigures, whole } from '../../src/ui/numbers.ts';
import { settingsInWords } from '../../src/ui/runs-room/setting-words.ts';
import { figure } from '../cli/figure.ts';
import type { RunFile } from '../training/run-file.ts';
import { figureSections, leftOutSection, page, plain, table } from './markdown.ts';
import type { DrawnRun } from './run-figures.ts';

const MEASURES = ['AP', 'AP75', 'APs', 'APm', 'APl', 'AR100'] as const;

/** A run's page in Markdown: what it was, what it reached, its figures, and every setting. */
export function runReport(folder: string, run: RunFile, drawn: DrawnRun): string {
  const { steps, evals, evaluated, figures, leftOut } = drawn;
  const last = steps.at(-1);
  const measured = evals.at(-1)?.eval ?? null;
  const about = [
    ['Data set', `${textOf(run.dataName) ?? ''} (${run.data})`],
    ['Data hash', run.dataHash],
    ['Classes', listOf(run.classes)],
    ['Start from', run.model],
    ['Steps taken', last === undefined ? 'none' : `${whole(last.step)} of ${whole(run.settings.steps)}`],
    ['Loss at the end', last === undefined ? '-' : threeFigures(last.loss)],
    ['Adapter', textOf(run.adapter) ?? '-'],
    ['Started', textOf(run.started) ?? '-'],
    ['Versions', versionsOf(run.versions)],
  ];
  return page([
    `# Run ${plain(folder)}`,
    'Written by `npm run visualize`.',
    table(['Run', ''], about),
    '## Results',
    ...results(drawn),
    ...perClass(evaluated?.report ?? measured),
    '## Figures',
    ...figureSections(figures),
    ...leftOutSection(leftOut),
    '## Settings',
    table(
      ['Setting', 'Value'],
      settingsInWords(run.settings).map(({ name, value }) => [name, value]),
    ),
  ]);
}

function results({ evals, evaluated }: DrawnRun): readonly string[] {
  const best = bestEval(evals);
  const ofBest = best === null ? undefined : evals.find(({ step }) => step === best.step);
  const last = evals.at(-1);
  const rows = [
    ...(ofBest ? [row(`best, step ${whole(ofBest.step)}`, ofBest.eval)] : []),
    ...(last ? [row(`last, step ${whole(last.step)}`, last.eval)] : []),
    ...(evaluated ? [row('weights as they are, for these figures', evaluated.report)] : []),
  ];
  if (rows.length === 0) return ['Nothing has been evaluated.'];
  const how = evaluated
    ? `The last row was measured for this page, with ${plain(evaluated.weightsPath)} on ${whole(evaluated.pictures.length)} pictures of ${EVAL_SPLIT}.`
    : '';
  return [table(['', 'AP50 (VOC)', 'AP50 (11 points)', ...MEASURES], rows), ...(how === '' ? [] : [how])];
}

function row(name: string, { voc, coco }: EvaluationReport): readonly string[] {
  return [name, figure(voc.map50), figure(voc.map50_11_point), ...MEASURES.map((measure) => figure(coco[measure]))];
}

function perClass(report: EvaluationReport | null): readonly string[] {
  if (report === null) return [];
  const rows = Object.entries(report.voc.per_class).map(([name, { ap50, npos }]) => [
    name,
    whole(npos),
    figure(ap50),
    figure(report.coco.per_class[name] ?? null),
  ]);
  return [table(['Class', 'Boxes', 'AP50 (VOC)', 'AP'], rows)];
}

/** Fields of run.json that no program reads: they are shown where they are as expected. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function listOf(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(', ') : '-';
}

function versionsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '-';
  return Object.entries(value)
    .map(([name, version]) => `${name} ${String(version)}`)
    .join(', ');
}
