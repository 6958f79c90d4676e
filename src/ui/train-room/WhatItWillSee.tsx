import { type ReactNode, useState } from 'react';
import type { DataSetSummary, TrainSettings } from '../../rpc/protocol.ts';
import { useClassColour } from '../class-colour.ts';
import { useFirstViews } from '../samples/sample-pictures.ts';
import { AUGMENT_TEXT } from './fields.ts';
import { PictureViewsDialog } from './PictureViewsDialog.tsx';
import { SeenPicture } from './SeenPicture.tsx';
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
  const [looked, setLooked] = useState<string | null>(null);
  const colourOf = useClassColour();
  const held = useFirstViews(set, { split: 'train', count: VIEWS, augment, size, seed });
  return (
    <section className="card sees" aria-labelledby="will-see-title" aria-busy={held.state === 'waiting'}>
      <div className="chart-head">
        <h2 id="will-see-title">What it will see</h2>
        <span className="small muted">the first pictures of the run: {AUGMENT_TEXT.views[augment]}</span>
        <ul className="chart-legend">
          {set.classes.map((name, index) => (
            <li key={name}>
              <i style={{ background: colourOf(name, index) }} />
              {name}
            </li>
          ))}
        </ul>
      </div>
      <div className="strip">
        {held.state === 'ready' &&
          held.value.map((view) => (
            <button
              key={view.drawn}
              type="button"
              className="seen-picture"
              aria-label={`All that training gets of ${view.sampleId}`}
              style={{ flexGrow: view.size.w / view.size.h, maxWidth: `${170 * (view.size.w / view.size.h)}px` }}
              onClick={() => setLooked(view.sampleId)}
            >
              <SeenPicture view={view} classes={set.classes} fontPx={10} />
            </button>
          ))}
        {held.state === 'failed' && <p className="small muted">{held.error.message}</p>}
      </div>
      <PictureViewsDialog set={set} split="train" settings={settings} sampleId={looked} onLook={setLooked} />
    </section>
  );
}
