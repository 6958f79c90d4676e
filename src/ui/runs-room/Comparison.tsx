import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { RunSummary } from '../../rpc/protocol.ts';
import type { XName } from '../charts/chart-line.ts';
import { useRuns } from '../studio.ts';
import { ComparedCharts } from './ComparedCharts.tsx';
import { CurveControls } from './CurveControls.tsx';
import { DifferencesTable } from './DifferencesTable.tsx';
import { HistoryErrors } from './HistoryErrors.tsx';
import { MOST_COMPARED } from './run-lines.ts';
import { useHistories } from './use-histories.ts';

/** Several runs beside each other: their curves, and what they were told differently. */
export function Comparison({
  chosen,
  onDelete,
}: {
  readonly chosen: readonly RunSummary[];
  readonly onDelete: () => void;
}): ReactNode {
  const select = useRuns((state) => state.select);
  const [xName, setXName] = useState<XName>('step');
  const compared = chosen.slice(0, MOST_COMPARED);
  const { here, errors, waiting } = useHistories(compared);
  const drawn = here.filter(({ steps, evals }) => steps.length + evals.length > 0);
  const places = drawn.map(({ summary }) => compared.findIndex(({ id }) => id === summary.id));
  const goes = chosen.some(({ status }) => status === 'going');
  return (
    <section className="runs-below" aria-labelledby="comparison-title">
      <div className="runs-below-head">
        <h2 id="comparison-title">
          {chosen.length > compared.length
            ? `The first ${compared.length} of ${chosen.length} chosen runs, compared`
            : `${compared.length} runs, compared`}
        </h2>
        <CurveControls xName={xName} onXName={setXName} />
        <Button size="compact-sm" variant="default" onClick={() => select([])}>
          Choose none
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          className="button-bad-text"
          disabled={goes}
          title={goes ? 'One of them trains: stop it first.' : undefined}
          onClick={onDelete}
        >
          Delete {chosen.length} runs
        </Button>
      </div>
      <HistoryErrors errors={errors} />
      {drawn.length > 0 && <ComparedCharts histories={drawn} places={places} xName={xName} />}
      {drawn.length === 0 && waiting && <div className="card runs-waiting" aria-busy="true" />}
      {drawn.length === 0 && !waiting && errors.length === 0 && (
        <p className="said">None of them has taken a step: there are no curves to compare.</p>
      )}
      <DifferencesTable runs={compared} onShowOnly={(id) => select([id])} />
    </section>
  );
}
