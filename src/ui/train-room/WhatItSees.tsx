import type { ReactNode } from 'react';
import type { EvalPicture } from '../../rpc/protocol.ts';
import { labelAddress } from '../../state/labelling/address.ts';
import { type ClassColour, useClassColour } from '../class-colour.ts';
import { fixed } from '../numbers.ts';
import { BoxOverlay, type OverlayBox } from '../overlay/BoxOverlay.tsx';
import { useSamplePicture } from '../samples/sample-pictures.ts';
import { useRun } from '../studio.ts';

/** What is shown of the last evaluation; the rest would be too small to see. */
const MOST_PICTURES = 7;
const LOWEST_SCORE = 0.5;

/** The pictures of the last evaluation: found boxes solid, truth dashed, so that one sees it learn. */
export function WhatItSees(): ReactNode {
  const pictures = useRun((state) => state.log.pictures);
  const step = useRun((state) => state.log.picturesStep);
  const classes = useRun((state) => state.log.classes);
  const dataSetId = useRun((state) => state.dataSet?.id ?? null);
  const shown = pictures.slice(0, MOST_PICTURES);
  const colourOf = useClassColour();
  return (
    <section className="card sees" aria-labelledby="sees-title">
      <div className="chart-head">
        <h2 id="sees-title">What it sees</h2>
        <span className="small muted">
          {step === null ? 'after the first evaluation' : `step ${step}, prediction solid, truth dashed`}
        </span>
        <ul className="chart-legend">
          {classes.map((name, index) => (
            <li key={name}>
              <i style={{ background: colourOf(name, index) }} />
              {name}
            </li>
          ))}
        </ul>
      </div>
      <div className="strip">
        {dataSetId !== null &&
          shown.map((picture) => (
            <Seen key={picture.sampleId} dataSetId={dataSetId} picture={picture} classes={classes} />
          ))}
        {shown.length === 0 && <div className="strip-none" />}
      </div>
    </section>
  );
}

interface SeenProps {
  readonly dataSetId: string;
  readonly picture: EvalPicture;
  readonly classes: readonly string[];
}

function Seen({ dataSetId, picture, classes }: SeenProps): ReactNode {
  const held = useSamplePicture(dataSetId, picture.sampleId);
  const colourOf = useClassColour();
  const ratio = picture.size.w / picture.size.h;
  return (
    <a
      className="strip-link"
      style={{ flexGrow: ratio, maxWidth: `${170 * ratio}px` }}
      title="Mend the label"
      href={`#${labelAddress(dataSetId, picture.sampleId, '/train')}`}
    >
      {held.state === 'ready' ? (
        <BoxOverlay
          url={held.value}
          description={describe(picture)}
          size={picture.size}
          boxes={boxesOf(picture, classes, colourOf)}
          fontPx={10}
        />
      ) : (
        <div
          className="strip-wait"
          style={{ aspectRatio: ratio }}
          title={held.state === 'failed' ? held.error.message : undefined}
        >
          {held.state === 'failed' && <span className="small muted">cannot be shown</span>}
        </div>
      )}
    </a>
  );
}

function boxesOf(picture: EvalPicture, classes: readonly string[], colourOf: ClassColour): OverlayBox[] {
  const truth = picture.truth.map((object, index): OverlayBox => {
    const labelId = Math.max(0, classes.indexOf(object.className));
    return {
      key: `truth ${index}`,
      colour: colourOf(object.className, labelId),
      text: '',
      boxXyxyPx: object.boxXyxyPx,
      style: 'truth',
    };
  });
  const found = picture.detections
    .filter(({ score }) => score >= LOWEST_SCORE)
    .map(
      ({ label, labelId, score, boxXyxyPx }, index): OverlayBox => ({
        key: `found ${index}`,
        colour: colourOf(label, labelId),
        text: `${label} ${fixed(score, 2)}`,
        boxXyxyPx,
        style: 'found',
      }),
    );
  return [...found, ...truth];
}

function describe({ sampleId, truth, detections }: EvalPicture): string {
  const list = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));
  const found = detections.filter(({ score }) => score >= LOWEST_SCORE).map(({ label }) => label);
  return `${sampleId}: found ${list(found)}; there is ${list(truth.map(({ className }) => className))}`;
}
