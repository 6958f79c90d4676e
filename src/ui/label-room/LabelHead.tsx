import { Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { markOf, markWords } from '../../state/labelling/labels.ts';
import { shownSample } from '../../state/labelling/state.ts';
import { lastWeightsOn } from '../../state/last-run.ts';
import { useTrainOn } from '../next-run/use-train-on.ts';
import { whole } from '../numbers.ts';
import { useRuns, useStudio } from '../studio.ts';
import { useLabelling } from './label-context.ts';

/** Where one is: the set, the picture and how far it is; and whether everything is kept. */
export function LabelHead({ back }: { readonly back: string }): ReactNode {
  const name = useLabelling((state) => state.name);
  const sample = useLabelling(shownSample);
  const at = useLabelling((state) => state.at);
  const count = useLabelling((state) => state.samples.length);
  const notYet = useLabelling((state) => state.tally.notYet);
  return (
    <div className="label-head">
      <a className="label-back" href={`#${back}`}>
        <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke="currentColor" aria-hidden="true">
          <path d="M8.5 2.5 4 7l4.5 4.5" strokeWidth="1.5" />
        </svg>
        Back
      </a>
      <h1 title={sample?.id}>
        <span className="muted label-set-name">{name}</span> {sample?.id}
      </h1>
      {sample !== undefined && (
        <>
          <span className="label-mark" data-mark={markOf(sample)}>
            {markWords(sample)}
          </span>
          <span className="small muted label-place">
            {whole(at + 1)} of {whole(count)}
            <span className="label-left">{notYet > 0 && `, ${whole(notYet)} not labelled yet`}</span>
          </span>
        </>
      )}
      <SaveMark />
      <TrainButton />
    </div>
  );
}

/** From here on to the next run: from the last one's weights where there was one on this set. */
function TrainButton(): ReactNode {
  const setId = useLabelling((state) => state.setId);
  const canTrain = useLabelling((state) => state.access === 'editing' && state.tally.notYet < state.samples.length);
  const runs = useRuns((state) => state.runs);
  const from = useMemo(() => (setId === null ? null : lastWeightsOn(runs, setId)), [runs, setId]);
  const trainOn = useTrainOn();
  if (setId === null || !canTrain) return null;
  return (
    <Button
      className="label-train"
      size="compact-sm"
      aria-label={from === null ? 'Train on this' : 'Train on what changed'}
      {...(from === null ? {} : { title: `Starts from ${from.name}` })}
      onClick={() => trainOn(setId, from)}
    >
      Train<span className="label-train-words">&nbsp;{from === null ? 'on this' : 'on what changed'}</span>
    </Button>
  );
}

function SaveMark(): ReactNode {
  const { labelling } = useStudio();
  const { waiting, failed } = useLabelling((state) => state.saving);
  const access = useLabelling((state) => state.access);
  if (failed !== null) {
    return (
      <div className="label-unsaved" role="alert">
        <span title={failed.message}>
          <strong>Not saved:</strong> {failed.message}
        </span>
        <Button size="compact-sm" variant="default" onClick={() => labelling.getState().retrySaving()}>
          Try again
        </Button>
      </div>
    );
  }
  return (
    <span className="small muted label-saved" data-waiting={waiting > 0}>
      {access !== 'editing' ? '' : waiting > 0 ? 'Saving' : 'All saved'}
    </span>
  );
}
