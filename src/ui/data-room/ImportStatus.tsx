import { Button, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ImportProgress } from '../../rpc/protocol.ts';
import { importWords, keptWords, planWords, resultWords } from '../../state/import-words.ts';
import type { ImportPlan } from '../../state/space.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useLibrary } from '../studio.ts';

/** The import that goes on, or what came of the last one. */
export function ImportStatus({ onShowProblems }: { readonly onShowProblems: () => void }): ReactNode {
  const importing = useLibrary((state) => state.importing);
  if (importing !== null) return <Going progress={importing} />;
  return <Ended onShowProblems={onShowProblems} />;
}

function Going({ progress }: { readonly progress: ImportProgress }): ReactNode {
  const plan = useLibrary((state) => state.plan);
  const error = useLibrary((state) => state.importError);
  const cancel = useLibrary((state) => state.cancelImport);
  const { bytesDone, bytesTotal, name, phase } = progress;
  const words = importWords(progress);
  const percent = bytesTotal === null || bytesTotal === 0 ? null : Math.min(100, (100 * bytesDone) / bytesTotal);
  return (
    <section className="import-status said" aria-label={`Import of ${name}`}>
      <strong className="import-name">Importing "{name}"</strong>
      <Progress
        value={percent ?? 100}
        striped={percent === null || phase === 'finishing'}
        animated={percent === null || phase === 'finishing'}
        size="sm"
        transitionDuration={0}
        aria-label="Bytes read"
      />
      <p>{words.done}</p>
      <p>{words.pictures}</p>
      <p className="muted import-pace">{words.pace}</p>
      {plan !== null && (
        <p className="small muted">
          {planWords(knownPlan(plan, bytesTotal))} {keptWords(plan.persisted)}
        </p>
      )}
      <Button variant="default" size="compact-sm" onClick={() => void cancel()}>
        Cancel
      </Button>
      {error !== null && <ErrorNote title={`"${error.name}" was not imported`} message={error.error.message} />}
    </section>
  );
}

/** Of what is fetched the size is known once the server has told it; compressed, it may take more. */
function knownPlan(plan: ImportPlan, bytesTotal: number | null): ImportPlan {
  return plan.neededBytes === null && bytesTotal !== null ? { ...plan, neededBytes: bytesTotal, atLeast: true } : plan;
}

function Ended({ onShowProblems }: { readonly onShowProblems: () => void }): ReactNode {
  const result = useLibrary((state) => state.lastImport);
  const error = useLibrary((state) => state.importError);
  const plan = useLibrary((state) => state.plan);
  const retry = useLibrary((state) => state.retryImport);
  const takeWhatIsThere = useLibrary((state) => state.takeWhatIsThere);
  const dismiss = useLibrary((state) => state.dismissImport);
  const choose = useLibrary((state) => state.choose);
  if (error !== null) {
    return (
      <ErrorNote title={`"${error.name}" was not imported`} message={error.error.message}>
        <div className="note-buttons">
          {error.isCutOff && (
            <Button variant="default" size="compact-sm" onClick={() => void takeWhatIsThere()}>
              Take what is complete
            </Button>
          )}
          {error.canRetry && (
            <Button variant="default" size="compact-sm" onClick={() => void retry()}>
              Try again
            </Button>
          )}
          <Button variant="subtle" size="compact-sm" onClick={dismiss}>
            Dismiss
          </Button>
        </div>
      </ErrorNote>
    );
  }
  if (result === null) return null;
  return (
    <div className="import-status said" role="status">
      <p>
        <strong>{resultWords(result)}</strong>
      </p>
      {plan !== null && !result.alreadyThere && <p className="small muted">{keptWords(plan.persisted)}</p>}
      <div className="note-buttons">
        {result.problems.length > 0 && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => {
              choose(result.summary.id);
              onShowProblems();
            }}
          >
            Show problems
          </Button>
        )}
        <Button variant="subtle" size="compact-sm" onClick={dismiss}>
          Dismiss
        </Button>
      </div>
    </div>
  );
}
