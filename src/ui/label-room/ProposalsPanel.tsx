import { NativeSelect, Slider, Switch } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { openProposals } from '../../state/labelling/proposals.ts';
import { shownSample } from '../../state/labelling/state.ts';
import { weightsKey, weightsOptions } from '../../state/weights-choices.ts';
import { counted, whole } from '../numbers.ts';
import { useHub, usePrediction, useRun, useRuns, useStudio, useSuggestions } from '../studio.ts';
import { useLabelling } from './label-context.ts';
import { ProposalFigures } from './ProposalFigures.tsx';
import { keepFocus } from './Tools.tsx';
import './proposals.css';

const NONE = '';

/** Which weights propose boxes, how sure they have to be, in which order pictures are offered, and how good the proposals were. */
export function ProposalsPanel(): ReactNode {
  const mayEdit = useLabelling((state) => state.access === 'editing');
  const phase = useSuggestions((state) => state.phase);
  const [isOpen, setOpen] = useState(true);
  if (!mayEdit) return null;
  return (
    <details className="proposals" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Suggestions <span className="muted">{phase === 'off' ? 'off' : <Waiting />}</span>
      </summary>
      <WeightsOfProposals />
      {phase === 'failed' && <Fault />}
      {phase === 'open' && <Choices />}
      <ProposalFigures />
    </details>
  );
}

/** How many boxes are proposed for the picture that is shown. */
function Waiting(): ReactNode {
  const proposals = useLabelling((state) => state.proposals);
  const decided = useLabelling((state) => state.decided);
  return whole(openProposals(proposals, decided).length);
}

function WeightsOfProposals(): ReactNode {
  const { suggestions, runs: runsStore, hub } = useStudio();
  const weights = useSuggestions((state) => state.weights);
  const runs = useRuns((state) => state.runs);
  const models = useHub((state) => state.models);
  // Files that were loaded for predicting can propose as well.
  const given = usePrediction((state) => (state.given?.engines.includes('detrain') === true ? state.given : null));
  const groups = useMemo(() => weightsOptions(runs, [given, weights], models), [runs, given, weights, models]);
  useEffect(() => {
    // A run may have got its first checkpoint since the list was made.
    void runsStore.getState().refresh();
    void hub.getState().refresh();
  }, [runsStore, hub]);
  return (
    <NativeSelect
      size="xs"
      aria-label="Weights that suggest boxes"
      value={weights === null ? NONE : weightsKey(weights.source)}
      data={[
        { value: NONE, label: 'No suggestions' },
        ...groups.map(({ group, items }) => ({ group, items: items.map(({ value, label }) => ({ value, label })) })),
      ]}
      onChange={({ currentTarget: { value } }) => {
        const chosen = groups.flatMap(({ items }) => items).find((option) => option.value === value);
        void suggestions.getState().choose(chosen ?? null);
      }}
    />
  );
}

function Fault(): ReactNode {
  const { suggestions } = useStudio();
  const error = useSuggestions((state) => state.error);
  return (
    <p className="small proposals-fault" role="alert">
      {error?.message}{' '}
      <button type="button" className="label-chip" onClick={() => void suggestions.getState().retry()}>
        Try again
      </button>
    </p>
  );
}

function Choices(): ReactNode {
  const { suggestions, labelling } = useStudio();
  const confidence = useSuggestions((state) => state.confidence);
  const ordered = useSuggestions((state) => state.ordered);
  const proposals = useLabelling((state) => state.proposals);
  const decided = useLabelling((state) => state.decided);
  const open = openProposals(proposals, decided).length;
  return (
    <>
      <div className="proposals-confidence">
        <span className="small">From {confidence.toFixed(2)}</span>
        <Slider
          size="sm"
          min={0.05}
          max={0.95}
          step={0.05}
          value={confidence}
          label={null}
          thumbLabel="Least confidence of a suggestion"
          onChange={suggestions.getState().setConfidence}
        />
        <button
          type="button"
          className="label-chip"
          title="Accept all (Shift+Enter); Enter accepts the selected one, x refuses it"
          disabled={open === 0}
          onPointerDown={keepFocus}
          onClick={() => labelling.getState().accept(true)}
        >
          Accept {open > 0 && whole(open)}
        </button>
      </div>
      <Switch
        size="xs"
        label="Most helpful picture next"
        checked={ordered}
        onChange={({ currentTarget }) => suggestions.getState().setOrdered(currentTarget.checked)}
      />
      <Others />
      <Reason />
    </>
  );
}

/** Whether classes are proposed that the set lacks: only asked where the weights have such. */
function Others(): ReactNode {
  const { suggestions } = useStudio();
  const others = useSuggestions((state) => state.others);
  const hasOthers = useSuggestions((state) => state.hasOthers);
  if (!hasOthers) return null;
  return (
    <Switch
      size="xs"
      label="Also classes new to the set"
      checked={others}
      onChange={({ currentTarget }) => suggestions.getState().setOthers(currentTarget.checked)}
    />
  );
}

/** Why this picture is offered, and how far looking is. */
function Reason(): ReactNode {
  const sampleId = useLabelling((state) => shownSample(state)?.id);
  const isLabelled = useLabelling((state) => shownSample(state)?.labelled === true);
  const ordered = useSuggestions((state) => state.ordered);
  const looked = useSuggestions((state) => state.looked);
  const offered = useSuggestions((state) => state.offered);
  const isSeen = useSuggestions((state) => state.boxes.has(sampleId ?? ''));
  const isTraining = useRun((state) => state.phase === 'running');
  const reason = offered.find((one) => one.sampleId === sampleId)?.reason ?? '';
  const waits = isTraining ? ', the rest after the run' : '';
  return (
    <p className="small muted proposals-reason">
      <span aria-live="polite">{ordered && isSeen && !isLabelled && reason !== '' && `${reason}. `}</span>
      {!isSeen && !isLabelled && 'Looking at this picture. '}
      {ordered &&
        looked.done < looked.of &&
        `Looked at ${whole(looked.done)} of ${counted(looked.of, 'picture', 'pictures')}${waits}.`}
    </p>
  );
}
