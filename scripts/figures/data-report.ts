import type { DataSet } from '../../src/data/types.ts';
import { whole } from '../../src/ui/numbers.ts';
import type { DrawnData } from './data-figures.ts';
import { figureSections, leftOutSection, page, plain, table } from './markdown.ts';

const MOST_PROBLEMS = 50;

/** A data set's page in Markdown: what is in it, its classes by split, its figures, and what is wrong with it. */
export function dataReport(source: string, dataSet: DataSet, { statistics, figures, leftOut }: DrawnData): string {
  const { name, hash, problems } = dataSet;
  const { pictures, boxes, empty, unlabelled, difficult, truncated, splits, classes } = statistics;
  const refused = problems.filter(({ severity }) => severity === 'refused').length;
  return page([
    `# Data set ${plain(name)}`,
    'Written by `npm run visualize`.',
    table(
      ['Data set', ''],
      [
        ['Source', source],
        ['Hash', hash],
        ['Pictures', whole(pictures)],
        ['Boxes', whole(boxes)],
        ['Labelled pictures without a box', whole(empty)],
        ['Pictures without a label', whole(unlabelled)],
        ['Difficult boxes', whole(difficult)],
        ['Truncated boxes', whole(truncated)],
        ...splits.map((split) => [`Pictures of ${split}`, whole(dataSet.splits[split]?.length ?? 0)]),
        ['Files refused', whole(refused)],
        ['Files taken with a repair', whole(problems.length - refused)],
      ],
    ),
    '## Classes',
    table(
      ['Class', 'Boxes', ...splits, 'Pictures'],
      classes
        .toSorted((a, b) => b.boxes - a.boxes)
        .map((counted) => [
          counted.name,
          whole(counted.boxes),
          ...counted.boxesBySplit.map(whole),
          whole(counted.pictures),
        ]),
    ),
    '## Figures',
    ...figureSections(figures),
    ...leftOutSection(leftOut),
    ...problemSection(problems),
  ]);
}

function problemSection(problems: DataSet['problems']): readonly string[] {
  if (problems.length === 0) return [];
  const more = problems.length - MOST_PROBLEMS;
  return [
    '## Problems',
    problems
      .slice(0, MOST_PROBLEMS)
      .map(({ file, severity, reason }) => `- ${plain(file)} (${severity}): ${plain(reason)}`)
      .join('\n'),
    ...(more > 0 ? [`And ${whole(more)} more.`] : []),
  ];
}
