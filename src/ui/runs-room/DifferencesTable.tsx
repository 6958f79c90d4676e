import type { ReactNode } from 'react';
import { durationText } from '../../base/duration-text.ts';
import type { RunSummary } from '../../rpc/protocol.ts';
import { cssColour } from '../charts/page-colour.ts';
import { fixed, whole } from '../numbers.ts';
import { RunStatusMark } from './RunStatusMark.tsx';
import { runLine } from './run-lines.ts';
import { differencesOf } from './setting-words.ts';

export interface DifferencesTableProps {
  readonly runs: readonly RunSummary[];
  readonly onShowOnly: (runId: string) => void;
}

/** The best figures of runs side by side, and the settings in which they differ. */
export function DifferencesTable({ runs, onShowOnly }: DifferencesTableProps): ReactNode {
  const { differing, same } = differencesOf(runs);
  const highest = (figure: (run: RunSummary) => number | null | undefined): number =>
    Math.max(...runs.map((run) => figure(run) ?? Number.NEGATIVE_INFINITY));
  const bestAp50 = highest(({ best }) => best?.map50);
  const bestAp = highest(({ best }) => best?.AP);
  return (
    <div className="card differences">
      <table aria-label="What differs between the chosen runs">
        <thead>
          <tr>
            <td />
            {runs.map((run, place) => {
              const { colour, dash } = runLine(place, run.name);
              return (
                <th key={run.id} scope="col" className="differences-name" title={run.name}>
                  <svg className="differences-stroke" width="22" height="4" aria-hidden="true">
                    <path d="M0 2h22" stroke={cssColour(colour)} strokeWidth="3" strokeDasharray={dash?.join(' ')} />
                  </svg>
                  <button type="button" className="cut" onClick={() => onShowOnly(run.id)}>
                    {run.name}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Best AP50</th>
            {runs.map(({ id, best }) => (
              <td key={id} data-best={best?.map50 === bestAp50}>
                {fixed(best?.map50, 3)}
                {best !== null && <span className="muted small"> at step {whole(best.step)}</span>}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">AP there</th>
            {runs.map(({ id, best }) => (
              <td key={id} data-best={best?.AP === bestAp}>
                {fixed(best?.AP, 3)}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Status</th>
            {runs.map(({ id, status }) => (
              <td key={id}>
                <RunStatusMark status={status} />
              </td>
            ))}
          </tr>
          <tr className="differences-ruled">
            <th scope="row">Taken</th>
            {runs.map(({ id, stepsDone, seconds }) => (
              <td key={id}>
                {whole(stepsDone)} steps{seconds > 0 ? ` in ${durationText(seconds)}` : ''}
              </td>
            ))}
          </tr>
          {differing.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {runs.map(({ id }, index) => (
                <td key={id} title={values[index]}>
                  <span className="cut">{values[index]}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small">
        {differing.length === 0
          ? 'They were told the same in everything: data, start, seed and all settings.'
          : `Everything else is the same: ${same} ${same === 1 ? 'setting' : 'settings'}.`}
      </p>
    </div>
  );
}
