import { Button, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { durationText } from '../../base/duration-text.ts';
import type { CleaningReport, DataSetIndex, DataSetSummary, Fix } from '../../rpc/protocol.ts';
import { whyFixed } from '../../state/fixed-set.ts';
import { download } from '../download.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { fixed, whole } from '../numbers.ts';
import { useCleaning } from '../studio.ts';
import { BoxFindings } from './BoxFindings.tsx';
import { ClassFindings } from './ClassFindings.tsx';
import { CopyToEdit } from './CopyToEdit.tsx';
import { DuplicateGroups } from './DuplicateGroups.tsx';
import { NewSplits } from './NewSplits.tsx';

export interface CheckTabProps {
  readonly set: DataSetSummary;
  readonly index: DataSetIndex;
  readonly onOpen: (sampleId: string) => void;
}

/** What is wrong in a set, and what can be done about it. */
export function CheckTab({ set, index, onOpen }: CheckTabProps): ReactNode {
  const report = useCleaning((state) => state.reports[set.id]);
  const fault = useCleaning((state) => (state.fault?.setId === set.id ? state.fault : null));
  const check = useCleaning((state) => state.check);
  return (
    <div className="set-body check">
      <Mended set={set} />
      {fault !== null && <ErrorNote title={fault.title} message={fault.error.message} />}
      <CheckBar set={set} report={report} onCheck={() => void check(set)} />
      {report !== undefined && <Findings set={set} index={index} report={report} onOpen={onOpen} />}
    </div>
  );
}

interface CheckBarProps {
  readonly set: DataSetSummary;
  readonly report: CleaningReport | undefined;
  readonly onCheck: () => void;
}

function CheckBar({ set, report, onCheck }: CheckBarProps): ReactNode {
  const checking = useCleaning((state) => state.checking);
  const cancel = useCleaning((state) => state.cancel);
  const isMine = checking?.set.id === set.id;
  if (isMine) {
    const { progress } = checking;
    const [done, total] = [progress?.done ?? 0, progress?.total ?? set.images];
    const rate = progress?.picturesPerSecond ?? null;
    const left = progress?.secondsLeft ?? null;
    return (
      <div className="check-bar" role="status">
        <Progress
          value={total === 0 ? 0 : (100 * done) / total}
          aria-label="Pictures looked at"
          transitionDuration={0}
        />
        <span className="small muted">
          {whole(done)} of {whole(total)} images
          {rate !== null && `, ${fixed(rate, 0)} a second`}
          {left !== null && `, ${durationText(left)} left`}
        </span>
        <Button variant="default" size="compact-sm" onClick={() => void cancel()}>
          Cancel
        </Button>
      </div>
    );
  }
  return (
    <div className="check-bar">
      <p>
        Looks for pictures that are twice in the set, also resized or compressed, for odd boxes, and for names that may
        be one class.
      </p>
      <Button
        variant={report === undefined ? 'filled' : 'default'}
        size="compact-md"
        disabled={checking !== null}
        onClick={onCheck}
      >
        {report === undefined ? 'Check this set' : 'Check again'}
      </Button>
      {report !== undefined && (
        <Button
          variant="default"
          size="compact-md"
          onClick={() => download(`${set.name}-check.json`, [JSON.stringify(report, null, 2)], 'application/json')}
        >
          Download the report
        </Button>
      )}
    </div>
  );
}

interface FindingsProps extends CheckTabProps {
  readonly report: CleaningReport;
}

function Findings({ set, index, report, onOpen }: FindingsProps): ReactNode {
  const fix = useCleaning((state) => state.fix);
  const mending = useCleaning((state) => state.mending);
  const checking = useCleaning((state) => state.checking);
  const fixed = whyFixed(set);
  const fixes = {
    mending,
    disabled: fixed !== null || mending !== null || checking !== null,
    onFix: (one: Fix) => void fix(set, one),
  };
  const { duplicates, boxes, classes, unseen } = report;
  const nothing = duplicates.length + boxes.length + classes.length + unseen.length === 0;
  return (
    <>
      {fixed !== null && (
        <p className="said">
          {fixed} <CopyToEdit set={set} label="Copy it to mend the copy" />
        </p>
      )}
      {nothing && (
        <p className="said">Nothing was found: no picture is twice in it, and its boxes and classes look right.</p>
      )}
      <DuplicateGroups set={set} index={index} groups={duplicates} fixes={fixes} onOpen={onOpen} />
      <BoxFindings index={index} findings={boxes} fixes={fixes} onOpen={onOpen} />
      <ClassFindings findings={classes} fixes={fixes} />
      {unseen.length > 0 && (
        <section className="card check-part" aria-labelledby="check-unseen">
          <h2 id="check-unseen">{whole(unseen.length)} pictures could not be looked at</h2>
          <ul className="check-list">
            {unseen.slice(0, 50).map(({ sampleId, reason }) => (
              <li key={sampleId}>
                <span>{sampleId}</span> <span className="muted">{reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <NewSplits set={set} fixes={fixes} />
    </>
  );
}

/** What the last fix did, with the way back. */
function Mended({ set }: { readonly set: DataSetSummary }): ReactNode {
  const mended = useCleaning((state) => (state.mended?.setId === set.id ? state.mended : null));
  const undo = useCleaning((state) => state.undo);
  const busy = useCleaning((state) => state.mending !== null || state.checking !== null);
  if (mended === null) return null;
  return (
    <div className="said check-mended" role="status">
      <span>
        Version {mended.version.number}: {mended.version.what}.
      </span>
      <Button variant="default" size="compact-sm" disabled={busy} onClick={() => void undo(set)}>
        Undo
      </Button>
    </div>
  );
}

/** How a part of the report has something mended. */
export interface Fixes {
  readonly mending: Fix['kind'] | null;
  readonly disabled: boolean;
  readonly onFix: (fix: Fix) => void;
}
