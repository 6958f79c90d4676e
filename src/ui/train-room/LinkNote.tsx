import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useSearch } from 'wouter';
import type { HubModelSummary, RunSummary } from '../../rpc/protocol.ts';
import { hubWeights } from '../../state/hub.ts';
import { checkpointOf } from '../../state/runs.ts';
import { linkWarning, setOfLink, settingsFromQuery } from '../../state/settings-link.ts';
import { BUNDLED_WEIGHTS, type NamedWeights } from '../../state/weights-choices.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useHub, useLibrary, useRuns, useStudio, useTrainForm } from '../studio.ts';

/** Restores what the address asks for, once sets and runs are known, and says what of it could not be had. */
export function LinkNote(): ReactNode {
  const query = useSearch();
  const { trainForm } = useStudio();
  const sets = useLibrary((state) => state.sets);
  const runs = useRuns((state) => state.runs);
  const noRuns = useRuns((state) => state.error !== null);
  const noModels = useHub((state) => state.listError !== null);
  const models = useHub((state) => state.models);
  const link = useTrainForm((state) => state.link);
  const dismiss = useTrainForm((state) => state.dismissLink);

  useEffect(() => {
    const form = trainForm.getState();
    if (query === '' || form.link?.query === query || sets === null || (runs === null && !noRuns)) return;
    if (models === null && !noModels) return;
    const read = settingsFromQuery(query);
    if (!read.ok) {
      form.restore(query, null, read.problem);
      return;
    }
    const { asked } = read;
    form.restore(query, asked, null);
    const set = setOfLink(sets, asked);
    form.choose({
      from: weightsNamed(asked.from, runs ?? [], models) ?? BUNDLED_WEIGHTS,
      ...(set === null ? {} : { dataSetId: set.id }),
      classMap: new Map(asked.chosenRows?.map((row) => [row.name, row.from])),
    });
  }, [query, sets, runs, noRuns, models, noModels, trainForm]);

  if (link === null || (link.asked === null && link.problem === null)) return null;
  const dismissButton = (
    <Button size="compact-sm" variant="default" mt={8} onClick={dismiss}>
      Dismiss
    </Button>
  );
  if (link.asked === null) {
    return (
      <ErrorNote title="The link was not restored" message={link.problem ?? ''}>
        {dismissButton}
      </ErrorNote>
    );
  }
  const { asked } = link;
  const missing = weightsNamed(asked.from, runs ?? [], models) === null;
  const warnings = [
    sets === null ? null : linkWarning(sets, asked),
    missing
      ? `They start from “${asked.from}”, which is not in this browser: ${BUNDLED_WEIGHTS.name} is chosen instead.`
      : null,
  ].filter((warning) => warning !== null);
  return (
    <div className="said" aria-live="polite">
      <p>The settings of the link are restored, the seed among them.</p>
      {warnings.map((warning) => (
        <p key={warning} className="warning">
          {warning}
        </p>
      ))}
      {dismissButton}
    </div>
  );
}

/** A run's weights go by its name and the kind of checkpoint, as in "cells 2, best"; a model of the hub by its name. */
function weightsNamed(
  name: string,
  runs: readonly RunSummary[],
  models: readonly HubModelSummary[] | null,
): NamedWeights | null {
  if (name === BUNDLED_WEIGHTS.name) return BUNDLED_WEIGHTS;
  if (models?.some((model) => model.name === name && model.complete)) return hubWeights(name);
  for (const run of runs) {
    const checkpoint = (['best', 'last'] as const).find((kind) => name === `${run.name}, ${kind}`);
    if (checkpoint !== undefined && checkpointOf(run) !== null) {
      return { source: { kind: 'run', runId: run.id, checkpoint }, name };
    }
  }
  return null;
}
