import { Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import type { PictureCost } from '../../metrics/picture-cost.ts';
import type { EvalPicture, EvaluationResult } from '../../rpc/protocol.ts';
import type { PicturesOf } from '../../state/evaluation.ts';
import { whole } from '../numbers.ts';
import { useEvaluation } from '../studio.ts';
import { OpenedPicture } from './OpenedPicture.tsx';
import { PicturesGrid } from './PicturesGrid.tsx';
import { picturesWords } from './picture-words.ts';
import type { Analysis } from './use-analysis.ts';
import './pictures.css';

export interface PicturesCardProps {
  readonly result: EvaluationResult;
  readonly dataSetId: string;
  readonly analysis: Analysis;
}

/** A picture with what is wrong with it. */
export type RatedPicture = EvalPicture & PictureCost;

/** Worst predictions first: of all pictures, or of those behind a count. */
export function PicturesCard({ result, dataSetId, analysis }: PicturesCardProps): ReactNode {
  const of = useEvaluation((state) => state.picturesOf);
  const openedId = useEvaluation((state) => state.openedId);
  const showPictures = useEvaluation((state) => state.showPictures);
  const { confidence, worst } = analysis;
  const wanted = useMemo(() => imagesOf(of, analysis), [of, analysis]);
  const pictures = useMemo(
    () =>
      worst.flatMap(({ image, ...cost }): RatedPicture[] => {
        const picture = wanted === null || wanted.has(image) ? result.pictures[image] : undefined;
        return picture === undefined ? [] : [{ ...picture, ...cost }];
      }),
    [worst, wanted, result],
  );
  const count = pictures.length === 1 ? '1 picture' : `${whole(pictures.length)} pictures`;

  return (
    <section className="card evaluate-card" aria-labelledby="pictures-title">
      <div className="evaluate-card-head">
        <h2 id="pictures-title">Worst predictions</h2>
        <span className="small muted">
          {count}
          {of.kind === 'all' ? '' : `: ${picturesWords(of, result.classes)}`}; prediction solid, truth dashed
        </span>
        {of.kind !== 'all' && (
          <Button size="compact-xs" variant="default" onClick={() => showPictures({ kind: 'all' })}>
            Show all pictures
          </Button>
        )}
      </div>
      {pictures.length === 0 ? (
        <p className="pictures-none muted">No picture has this at the confidence that is set.</p>
      ) : (
        <PicturesGrid pictures={pictures} classes={result.classes} dataSetId={dataSetId} confidence={confidence} />
      )}
      {openedId !== null && (
        <OpenedPicture
          pictures={pictures}
          openedId={openedId}
          all={result.pictures}
          classes={result.classes}
          dataSetId={dataSetId}
          confidence={confidence}
        />
      )}
    </section>
  );
}

/** The images that are wanted by their indices; null for all. */
function imagesOf(of: PicturesOf, { confusion, errors }: Analysis): ReadonlySet<number> | null {
  if (of.kind === 'all') return null;
  if (of.kind === 'cell') return new Set(confusion.cells[of.truth]?.[of.found]?.images ?? []);
  return new Set(Object.entries(errors).find(([kind]) => kind === of.error)?.[1].images ?? []);
}
