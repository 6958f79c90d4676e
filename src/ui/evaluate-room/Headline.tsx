import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { durationText } from '../../base/duration-text.ts';
import type { OperatingPoint } from '../../metrics/types.ts';
import type { EvaluationResult } from '../../rpc/protocol.ts';
import type { EvaluatedChoice } from '../../state/evaluation.ts';
import { fileStem } from '../charts/file-stem.ts';
import { download } from '../download.ts';
import { fixed, whole } from '../numbers.ts';
import { useLibrary } from '../studio.ts';
import { evaluationCsv, evaluationJson } from './evaluation-files.ts';

export interface HeadlineProps {
  readonly result: EvaluationResult;
  readonly resultOf: EvaluatedChoice;
  readonly best: OperatingPoint | null;
  /** Something else is chosen by now. */
  readonly outdated: boolean;
}

/** The four figures that matter most, and what they are of. */
export function Headline({ result, resultOf, best, outdated }: HeadlineProps): ReactNode {
  const { voc, coco } = result.report;
  const setName = useLibrary((state) => state.sets?.find(({ id }) => id === resultOf.dataSetId)?.name) ?? 'deleted set';
  const of = { result, resultOf, setName, best };
  const save = (ending: string, text: string, type: string): void =>
    download(`${fileStem(`${resultOf.name} ${setName} ${resultOf.split}`)}.${ending}`, [text], type);
  return (
    <div className="headline">
      <dl className="headline-figures">
        <Figure value={fixed(voc.map50, 3)} name="VOC AP50" />
        <Figure value={fixed(coco.AP, 3)} name="COCO AP" />
        <Figure value={fixed(coco.AP75, 3)} name="COCO AP75" />
        <Figure
          value={fixed(best?.f1, 2)}
          name={best === null ? 'best F1' : `best F1, at confidence ${fixed(best.confidence, 2)}`}
        />
      </dl>
      <div className="headline-of">
        {outdated && <span className="outdated">Of an earlier choice: Evaluate again for the one above</span>}
        <span className="chip" title={resultOf.name}>
          <span>{resultOf.name}</span>
        </span>
        <span className="chip" title={`${setName}, ${resultOf.split}`}>
          <span>
            {setName}, {resultOf.split}, {whole(result.pictures.length)}{' '}
            {result.pictures.length === 1 ? 'picture' : 'pictures'} in {durationText(result.seconds)}
          </span>
        </span>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => save('json', evaluationJson(of), 'application/json')}
        >
          Save JSON
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => save('csv', evaluationCsv(of), 'text/csv')}>
          Save CSV
        </Button>
      </div>
    </div>
  );
}

function Figure({ value, name }: { readonly value: string; readonly name: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
