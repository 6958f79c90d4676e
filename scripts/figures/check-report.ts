import type { BoxFinding, CleaningReport, DuplicateGroup } from '../../src/data/cleaning/types.ts';
import type { DataSet } from '../../src/data/types.ts';
import { whole } from '../../src/ui/numbers.ts';
import { likeness, splitsById, whereText } from './duplicate-pairs.ts';
import type { Figure } from './figure.ts';
import { figureSections, page, plain, table } from './markdown.ts';

/** So many findings of a kind stand on the page; all of them in the JSON beside it. */
const MOST_ROWS = 200;

const BOX_WORDS: Readonly<Record<BoxFinding['kind'], string>> = {
  tiny: 'too small to be learnt',
  whole: 'the whole picture',
  doubled: 'on another of the same class',
  contradicting: 'on another of another class',
};

/** What a check has found as a page in Markdown; `findingsFile` is the JSON beside it. */
export function checkReport(
  source: string,
  dataSet: DataSet,
  report: CleaningReport,
  figures: readonly Figure[],
  findingsFile: string,
): string {
  const { name, hash, pictures, duplicates, boxes, classes, unseen, empty, unlabelled } = report;
  const leaks = duplicates.filter((group) => group.leaks).length;
  return page([
    `# Check of ${plain(name)}`,
    `Written by \`npm run check\`; all of it for programs is in [${findingsFile}](${findingsFile}).`,
    ...(leaks === 0
      ? []
      : [
          `**Leak:** ${leaks === 1 ? '1 picture is' : `${whole(leaks)} pictures are`} both trained on and measured on. What is measured on this set is too good until that is mended: \`--fix end-leaks\`.`,
        ]),
    table(
      ['Data set', ''],
      [
        ['Source', source],
        ['Hash', hash],
        ['Pictures', whole(pictures)],
        ['Groups of duplicates', whole(duplicates.length)],
        ['Of them both trained on and measured on', whole(leaks)],
        ...Object.entries(BOX_WORDS).map(([kind, words]) => [
          `Boxes: ${words}`,
          whole(boxes.filter((found) => found.kind === kind).length),
        ]),
        ['Remarks on classes', whole(classes.length)],
        ['Labelled pictures without a box', whole(empty)],
        ['Pictures without a label', whole(unlabelled)],
        ['Pictures that could not be looked at', whole(unseen.length)],
        ['Problems on reading', whole(dataSet.problems.length)],
      ],
    ),
    ...duplicateSection(duplicates, dataSet, figures),
    ...section('Boxes', boxes, ({ reason }) => reason),
    ...section('Classes', classes, ({ reason }) => reason),
    ...section('Pictures that could not be looked at', unseen, ({ sampleId, reason }) => `${sampleId}: ${reason}`),
    ...section(
      'Problems on reading',
      dataSet.problems,
      ({ file, severity, reason }) => `${file} (${severity}): ${reason}`,
    ),
  ]);
}

function duplicateSection(groups: readonly DuplicateGroup[], dataSet: DataSet, figures: readonly Figure[]): string[] {
  if (groups.length === 0) return [];
  const splitsOf = splitsById(dataSet);
  const named = (id: string): string => `${id} (${whereText(splitsOf.get(id))})`;
  const rows = groups
    .slice(0, MOST_ROWS)
    .map((group) => [group.sampleIds.map(named).join(', '), likeness(group), group.leaks ? 'yes' : 'no']);
  return ['## Duplicates', ...figureSections(figures), table(['Pictures', 'Likeness', 'Leak'], rows), ...rest(groups)];
}

function section<Found>(title: string, found: readonly Found[], lineOf: (one: Found) => string): string[] {
  if (found.length === 0) return [];
  const lines = found.slice(0, MOST_ROWS).map((one) => `- ${plain(lineOf(one))}`);
  return [`## ${title}`, lines.join('\n'), ...rest(found)];
}

function rest(found: readonly unknown[]): string[] {
  return found.length > MOST_ROWS ? [`And ${whole(found.length - MOST_ROWS)} more.`] : [];
}
