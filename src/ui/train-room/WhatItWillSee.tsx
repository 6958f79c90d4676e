import type { ReactNode } from 'react';
import { classColour } from '../../base/class-colours.ts';
import type { DataSetSummary, TrainSettings } from '../../rpc/protocol.ts';
import { BoxOverlay, type OverlayBox } from '../overlay/BoxOverlay.tsx';
import { useFirstViews } from '../samples/sample-pictures.ts';
import type { ShownView } from '../samples/shelves.ts';
import { AUGMENT_TEXT } from './fields.ts';
import { useTrainPlan } from './use-train-plan.ts';

const VIEWS = 7;

/** The first pictures that the next run would be shown, varied as the form says, with the boxes that it would learn. */
export function WhatItWillSee(): ReactNode {
  const { set, checked } = useTrainPlan();
  if (set === null || !checked.ok || (set.splits.train ?? 0) === 0) return null;
  return <FirstViews set={set} settings={checked.settings} />;
}

function FirstViews({ set, settings }: { readonly set: DataSetSummary; readonly settings: TrainSettings }): ReactNode {
  const { augment, size, seed } = settings;
  const held = useFirstViews(set.id, { split: 'train', count: VIEWS, augment, size, seed });
  return (
    <section className="card sees" aria-labelledby="will-see-title" aria-busy={held.state === 'waiting'}>
      <div className="chart-head">
        <h2 id="will-see-title">What it will see</h2>
        <span className="small muted">the first pictures of the run: {AUGMENT_TEXT.views[augment]}</span>
        <ul className="chart-legend">
          {set.classes.map((name, index) => (
            <li key={name}>
              <i style={{ background: classColour(index) }} />
              {name}
            </li>
          ))}
        </ul>
      </div>
      <div className="strip">
        {held.state === 'ready' &&
          held.value.map((view) => <Seen key={view.drawn} view={view} classes={set.classes} />)}
        {held.state === 'failed' && <p className="small muted">{held.error.message}</p>}
      </div>
    </section>
  );
}

function Seen({ view, classes }: { readonly view: ShownView; readonly classes: readonly string[] }): ReactNode {
  const { sampleId, url, size, boxes } = view;
  const ratio = size.w / size.h;
  const names = boxes.map(({ classId }) => classes[classId] ?? '').join(', ');
  const drawn = boxes.map(
    ({ classId, boxXyxyPx }, index): OverlayBox => ({
      key: `${index}`,
      labelId: classId,
      text: classes[classId] ?? '',
      boxXyxyPx,
      style: 'found',
    }),
  );
  return (
    <div style={{ flexGrow: ratio, maxWidth: `${170 * ratio}px` }}>
      <BoxOverlay
        url={url}
        description={`${sampleId}: ${names === '' ? 'nothing' : names}`}
        size={size}
        boxes={drawn}
        fontPx={10}
      />
    </div>
  );
}
