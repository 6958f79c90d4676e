import type { ReactNode } from 'react';
import { classColour } from '../../base/class-colours.ts';
import type { EvalPicture } from '../../rpc/protocol.ts';
import { fixed } from '../numbers.ts';
import { BoxOverlay, type OverlayBox } from '../overlay/BoxOverlay.tsx';
import { useRun } from '../studio.ts';

/** What is shown of the last evaluation; the rest would be too small to see. */
const MOST_PICTURES = 7;
const LOWEST_SCORE = 0.5;

/** The pictures of the last evaluation: found boxes solid, truth dashed, so that one sees it learn. */
export function WhatItSees(): ReactNode {
  const pictures = useRun((state) => state.log.pictures);
  const step = useRun((state) => state.log.picturesStep);
  const classes = useRun((state) => state.log.classes);
  const urls = useRun((state) => state.pictureUrls);
  const shown = pictures.slice(0, MOST_PICTURES);
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
              <i style={{ background: classColour(index) }} />
              {name}
            </li>
          ))}
        </ul>
      </div>
      <div className="strip">
        {shown.map((picture) => {
          const ratio = picture.size.w / picture.size.h;
          const url = urls[picture.sampleId];
          return (
            <div key={picture.sampleId} style={{ flexGrow: ratio, maxWidth: `${170 * ratio}px` }}>
              {url === undefined ? (
                <div className="strip-wait" style={{ aspectRatio: ratio }} />
              ) : (
                <BoxOverlay
                  url={url}
                  description={describe(picture)}
                  size={picture.size}
                  boxes={boxesOf(picture, classes)}
                  fontPx={10}
                />
              )}
            </div>
          );
        })}
        {shown.length === 0 && <div className="strip-none" />}
      </div>
    </section>
  );
}

function boxesOf(picture: EvalPicture, classes: readonly string[]): OverlayBox[] {
  const truth = picture.truth.map((object, index): OverlayBox => {
    const labelId = Math.max(0, classes.indexOf(object.className));
    return { key: `truth ${index}`, labelId, text: '', boxXyxyPx: object.boxXyxyPx, style: 'truth' };
  });
  const found = picture.detections
    .filter(({ score }) => score >= LOWEST_SCORE)
    .map(
      ({ label, labelId, score, boxXyxyPx }, index): OverlayBox => ({
        key: `found ${index}`,
        labelId,
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
