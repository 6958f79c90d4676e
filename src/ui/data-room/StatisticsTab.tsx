import { Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import type { DataSetIndex } from '../../rpc/protocol.ts';
import { type Bin, type SetStatistics, setStatistics } from '../../state/set-statistics.ts';
import { fixed, whole } from '../numbers.ts';
import { CentresMap } from './CentresMap.tsx';
import { ClassTable } from './ClassTable.tsx';
import { Histogram } from './Histogram.tsx';

export interface StatisticsTabProps {
  readonly index: DataSetIndex;
  readonly onShowProblems: () => void;
}

/** A set in figures: classes, sizes, shapes and places of boxes, and what was found wrong with it. */
export function StatisticsTab({ index, onShowProblems }: StatisticsTabProps): ReactNode {
  const statistics = useMemo(() => setStatistics(index), [index]);
  const { boxes, boxSides, boxSideMedian, aspects, aspectMedian, perPicture, pictures, unlabelled } = statistics;
  const isCut = (from: number): boolean => statistics.perPictureCut && from === perPicture.at(-1)?.from;
  const mean = boxes / Math.max(1, pictures - unlabelled);
  const step = (boxSides[0]?.to ?? 1) * 6;
  return (
    <div className="set-body statistics">
      <Figures statistics={statistics} index={index} onShowProblems={onShowProblems} />
      <ClassTable statistics={statistics} />
      <div className="statistics-charts">
        <Histogram
          title="Box sizes"
          note={`square root of the area, median ${fixed(boxSideMedian, 0)} px`}
          bins={boxSides}
          ticks={[0, 1, 2, 3, 4].map((place) => ({ at: place * step, text: `${fixedTick(place * step)} px` }))}
          lines={[
            { at: 32, text: 'medium' },
            { at: 96, text: 'large' },
          ]}
          rangeText={({ from, to }) => `${fixedTick(from)} to ${fixedTick(to)} px`}
          sentence={
            boxSideMedian === null
              ? 'There are no boxes.'
              : `Half of the boxes are smaller than ${fixed(boxSideMedian, 0)} by ${fixed(boxSideMedian, 0)} pixels; most lie between ${rangeOf(boxSides)} pixels.`
          }
        />
        <Histogram
          title="Aspect ratios"
          note={`width to height, median ${fixed(aspectMedian, 2)}`}
          bins={aspects}
          ticks={[
            { at: -2, text: '1:4' },
            { at: -1, text: '1:2' },
            { at: 0, text: '1:1' },
            { at: 1, text: '2:1' },
            { at: 2, text: '4:1' },
          ]}
          rangeText={({ from, to }) => `${fixed(2 ** from, 2)} to ${fixed(2 ** to, 2)}`}
          sentence={
            aspectMedian === null
              ? 'There are no boxes.'
              : `Half of the boxes are narrower than ${fixed(aspectMedian, 2)} times their height.`
          }
        />
        <Histogram
          title="Boxes per image"
          note={`mean ${fixed(mean, 1)}`}
          bins={perPicture}
          ticks={perPicture
            .filter((_, place) => place % 2 === 0 || perPicture.length < 8)
            .map(({ from }) => ({ at: from + 0.5, text: isCut(from) ? `${from}+` : String(from) }))}
          rangeText={({ from }) => (isCut(from) ? `${from} boxes or more` : from === 1 ? '1 box' : `${from} boxes`)}
          sentence={`A labelled image has ${fixed(mean, 1)} boxes on average; ${whole(statistics.empty)} have none.`}
        />
        <CentresMap centres={statistics.centres} />
      </div>
    </div>
  );
}

interface FiguresProps extends StatisticsTabProps {
  readonly statistics: SetStatistics;
}

function Figures({ statistics, index, onShowProblems }: FiguresProps): ReactNode {
  const { pictures, boxes, empty, unlabelled, difficult, truncated } = statistics;
  const refused = index.problems.filter(({ severity }) => severity === 'refused').length;
  const figures = [
    { value: pictures, name: 'images' },
    { value: boxes, name: 'boxes' },
    ...statistics.splits.map((name) => ({ value: index.splits[name]?.length ?? 0, name })),
    { value: empty, name: 'without a box' },
    { value: unlabelled, name: 'not labelled' },
    { value: difficult, name: 'difficult' },
    { value: truncated, name: 'truncated' },
  ];
  return (
    <div className="card figures">
      <dl>
        {figures.map(({ value, name }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{whole(value)}</dd>
          </div>
        ))}
        <div>
          <dt>files refused</dt>
          <dd>{whole(refused)}</dd>
        </div>
        <div>
          <dt>taken with a repair</dt>
          <dd>{whole(index.problems.length - refused)}</dd>
        </div>
      </dl>
      {index.problems.length > 0 && (
        <Button variant="default" size="compact-sm" onClick={onShowProblems}>
          Show problems
        </Button>
      )}
    </div>
  );
}

function fixedTick(value: number): string {
  return Number.isInteger(value) ? whole(value) : value.toFixed(1);
}

/** The bars that hold what lies between the first and the last tenth. */
function rangeOf(bins: readonly Bin[]): string {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  let from = 0;
  let to = 0;
  for (const bin of bins) {
    if (seen <= total * 0.1) from = bin.from;
    if (seen < total * 0.9) to = bin.to;
    seen += bin.count;
  }
  return `${fixedTick(from)} and ${fixedTick(to)}`;
}
