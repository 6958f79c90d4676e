import type { ReactNode } from 'react';
import { ERROR_KINDS, type ErrorCounts, type ErrorKind } from '../../metrics/error-kinds.ts';
import { whole } from '../numbers.ts';
import { useEvaluation } from '../studio.ts';
import { ERROR_NAMES } from './error-names.ts';
import './figures.css';

/** How often each kind of mistake is made at the confidence; choosing one shows its pictures. */
export function ErrorKindsCard({ errors }: { readonly errors: ErrorCounts }): ReactNode {
  const of = useEvaluation((state) => state.picturesOf);
  const showPictures = useEvaluation((state) => state.showPictures);
  const most = Math.max(1, ...ERROR_KINDS.map((kind) => errors[kind].count));
  const total = ERROR_KINDS.reduce((sum, kind) => sum + errors[kind].count, 0);
  const isOn = (kind: ErrorKind): boolean => of.kind === 'error' && of.error === kind;
  return (
    <section className="card evaluate-card" aria-labelledby="errors-title">
      <div className="evaluate-card-head">
        <h2 id="errors-title">Kinds of errors</h2>
        <span className="small muted">{total === 1 ? '1 error' : `${whole(total)} errors`}</span>
      </div>
      <ul className="error-list">
        {ERROR_KINDS.map((kind) => {
          const { count, images } = errors[kind];
          const { name, meaning } = ERROR_NAMES[kind];
          return (
            <li key={kind}>
              <button
                type="button"
                title={meaning}
                aria-pressed={isOn(kind)}
                disabled={count === 0 && !isOn(kind)}
                aria-label={`${name}: ${count}, in ${images.length} pictures. ${meaning}`}
                onClick={() => showPictures(isOn(kind) ? { kind: 'all' } : { kind: 'error', error: kind })}
              >
                <span>{name}</span>
                <i>
                  <b style={{ width: `${(100 * count) / most}%` }} />
                </i>
                <span>{whole(count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
