import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useReducer, useState } from 'react';
import { type LabelDoubt, labelDoubts } from '../../metrics/label-doubts.ts';
import type { EvalPicture } from '../../rpc/protocol.ts';
import type { Opinion } from '../../state/evaluation.ts';
import { labelAddress } from '../../state/labelling/address.ts';
import { useClassColour } from '../class-colour.ts';
import { counted, whole } from '../numbers.ts';
import { DrawnBox } from '../overlay/DrawnBox.tsx';
import { useSamplePicture } from '../samples/sample-pictures.ts';
import { useEvaluation } from '../studio.ts';
import { imagesOf } from './images-of.ts';
import { cropAround, doubtWords } from './label-doubt-words.ts';
import './label-doubts.css';

const SHOWN_AT_ONCE = 16;

/** The labels that are likely to be wrong, the most likely first, each with the way to mend it. */
export function LabelDoubtsCard({ dataSetId }: { readonly dataSetId: string }): ReactNode {
  const opinions = useEvaluation((state) => state.opinions);
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const doubts = useDoubts(opinions);
  const result = opinions[0]?.result;
  if (result === undefined) return null;
  const by = opinions.length === 1 ? 'this evaluation' : `${whole(opinions.length)} evaluations of these pictures`;
  return (
    <section className="card evaluate-card" aria-labelledby="label-doubts-title">
      <div className="evaluate-card-head">
        <h2 id="label-doubts-title">Labels that may be wrong</h2>
        <span className="small muted">
          {doubts === null
            ? 'looking through the labels'
            : doubts.length === 0
              ? `by ${by}: none`
              : `${counted(doubts.length, 'finding', 'findings')} by ${by}, the most likely first`}
        </span>
      </div>
      <ul className="label-doubts">
        {(doubts ?? []).slice(0, shown).map((doubt) => {
          const picture = result.pictures[doubt.image];
          if (picture === undefined) return null;
          return (
            <Doubt
              key={`${doubt.image} ${doubt.kind} ${doubt.truth} ${doubt.found?.boxXyxy.join(' ')}`}
              doubt={doubt}
              picture={picture}
              classes={result.classes}
              dataSetId={dataSetId}
            />
          );
        })}
      </ul>
      {doubts !== null && shown < doubts.length && (
        <Button variant="subtle" size="compact-sm" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
          Show {whole(Math.min(SHOWN_AT_ONCE, doubts.length - shown))} more
        </Button>
      )}
    </section>
  );
}

const known = new WeakMap<readonly Opinion[], readonly LabelDoubt[]>();

/** What these evaluations say of the labels, computed once and after the rest was drawn; null until then. */
function useDoubts(opinions: readonly Opinion[]): readonly LabelDoubt[] | null {
  const [, drawAgain] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    if (known.has(opinions)) return;
    const timer = setTimeout(() => {
      known.set(opinions, labelDoubts(opinions.map(({ result }) => imagesOf(result))));
      drawAgain();
    });
    return () => clearTimeout(timer);
  }, [opinions]);
  return known.get(opinions) ?? null;
}

interface DoubtProps {
  readonly doubt: LabelDoubt;
  readonly picture: EvalPicture;
  readonly classes: readonly string[];
  readonly dataSetId: string;
}

function Doubt({ doubt, picture, classes, dataSetId }: DoubtProps): ReactNode {
  const { sampleId } = picture;
  return (
    <li>
      <a href={`#${labelAddress(dataSetId, sampleId, '/evaluate')}`} title="Mend the label">
        <Crop doubt={doubt} picture={picture} classes={classes} dataSetId={dataSetId} />
        <span className="label-doubt-words">{doubtWords(doubt, picture, classes)}</span>
        <span className="small muted label-doubt-name">{sampleId}</span>
      </a>
    </li>
  );
}

/** The part of the picture that it is about: the label dashed, what was found there solid. */
function Crop({ doubt, picture, classes, dataSetId }: DoubtProps): ReactNode {
  const held = useSamplePicture(dataSetId, picture.sampleId);
  const colourOf = useClassColour();
  const label = doubt.truth === null ? undefined : picture.truth[doubt.truth];
  const found = doubt.found;
  const boxes = [label?.boxXyxyPx, found?.boxXyxy].filter((box) => box !== undefined);
  const [x, y, w, h] = cropAround(boxes, picture.size);
  return (
    <svg className="label-doubt-crop" viewBox={`${x} ${y} ${w} ${h}`} aria-hidden="true">
      {held.state === 'ready' && (
        <image href={held.value} width={picture.size.w} height={picture.size.h} preserveAspectRatio="none" />
      )}
      {label !== undefined && <DrawnBox boxes={[label.boxXyxyPx]} look="truth" />}
      {found !== null && (
        <DrawnBox boxes={[found.boxXyxy]} colour={colourOf(classes[found.classId] ?? '', found.classId)} look="found" />
      )}
    </svg>
  );
}
