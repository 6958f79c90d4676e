import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { durationText } from '../../base/duration-text.ts';
import { hubStatus } from '../../state/hub.ts';
import { importStatus } from '../../state/import-status.ts';
import { projectStatus } from '../../state/project.ts';
import { isActive } from '../../state/run.ts';
import { type StatusReport, statusOf } from '../../state/status.ts';
import { rate } from '../numbers.ts';
import { useEvaluation, useHub, useLibrary, usePrediction, useProject, useRun } from '../studio.ts';
import { NetworkPanel } from './NetworkPanel.tsx';

/** Screen readers read the line aloud as it changes, so its words change once a second at most. */
const WORDS_EVERY_MS = 1000;

/** Tells on every page what runs, how far it is, how fast, and how long it takes still; pauses, stops and cancels it. */
export function StatusLine(): ReactNode {
  const run = useRun((state) => state);
  const prediction = usePrediction((state) => state);
  const importing = useLibrary((state) => state.importing);
  const evaluating = useEvaluation((state) => state.progress);
  const fetching = useHub((state) => state.fetching);
  const project = useProject((state) => state.progress);
  const runs = isActive(run.phase);
  const imports = importStatus(importing);
  const now: StatusReport & { readonly rate?: string } = statusOf(run, prediction, {
    importing,
    fetching,
    project,
    evaluating,
    estimating: run.estimating,
    elsewhere: run.elsewhere,
  });
  // A run goes before an import and what is fetched: these then keep a few words of their own.
  const projects = projectStatus(project);
  const fetches = hubStatus(fetching);
  const others = [imports, projects, fetches].filter((each) => each !== null);
  const second = (runs ? others[0] : others[1]) ?? null;
  const beside = second === null ? '' : importShare(second);
  const said = useSlowly({ ...now, beside }, `${run.phase} ${now.mood} ${now.what}`);
  return (
    <footer className="status">
      {now.fraction !== null && <div className="status-bar" style={{ transform: `scaleX(${now.fraction})` }} />}
      <div className="status-dot" data-on={said.mood === 'bad' ? 'bad' : said.mood === 'busy'} />
      <div className="status-text" role="status">
        <strong className={said.howFar === '' ? '' : 'status-name'} title={said.what}>
          {said.what}
        </strong>
        {said.howFar !== '' && <span>{said.howFar}</span>}
        {said.phase !== '' && <span className="muted">{said.phase}</span>}
        {said.imagesPerSecond !== null && (
          <span className="muted status-rate">{rate(said.imagesPerSecond)} images/s</span>
        )}
        {said.rate !== undefined && said.rate !== '' && <span className="muted status-rate">{said.rate}</span>}
        {said.secondsLeft !== null && <span className="muted">{durationText(said.secondsLeft)} left</span>}
        {said.beside !== '' && <span className="muted status-rate">{said.beside}</span>}
      </div>
      <div className="status-end">
        {runs ? (
          <RunButtons />
        ) : imports !== null ? (
          <CancelImport />
        ) : projects !== null ? (
          <CancelProject />
        ) : (
          fetches !== null && <CancelFetch />
        )}
        <NetworkPanel />
      </div>
    </footer>
  );
}

interface ShownStatus extends StatusReport {
  /** How fast an import reads, in words. */
  readonly rate?: string;
  /** What else goes on. */
  readonly beside?: string;
}

function importShare({ what, fraction }: StatusReport): string {
  return fraction === null ? what : `${what} ${Math.floor(100 * fraction)} %`;
}

function RunButtons(): ReactNode {
  const { phase, pause, resume, stop } = useRun((state) => state);
  return (
    <div className="status-buttons">
      {phase === 'paused' ? (
        <Button size="compact-sm" variant="default" onClick={() => void resume()}>
          Resume
        </Button>
      ) : (
        <Button size="compact-sm" variant="default" disabled={phase !== 'running'} onClick={() => void pause()}>
          Pause
        </Button>
      )}
      <Button size="compact-sm" variant="default" disabled={phase === 'stopping'} onClick={() => void stop()}>
        Stop
      </Button>
    </div>
  );
}

function CancelImport(): ReactNode {
  const cancel = useLibrary((state) => state.cancelImport);
  return (
    <Button size="compact-sm" variant="default" onClick={() => void cancel()}>
      Cancel
    </Button>
  );
}

function CancelProject(): ReactNode {
  const cancel = useProject((state) => state.cancel);
  return (
    <Button size="compact-sm" variant="default" onClick={() => void cancel()}>
      Cancel
    </Button>
  );
}

function CancelFetch(): ReactNode {
  const cancel = useHub((state) => state.cancel);
  return (
    <Button size="compact-sm" variant="default" onClick={() => void cancel()}>
      Cancel
    </Button>
  );
}

/** The newest report, at most once a second unless what runs has changed. */
function useSlowly(report: ShownStatus, kind: string): ShownStatus {
  const [shown, setShown] = useState({ report, kind, at: 0 });
  const newest = useRef(report);
  newest.current = report;
  const text = JSON.stringify(report);
  useEffect(() => {
    if (text === JSON.stringify(shown.report)) return;
    const show = (): void => setShown({ report: newest.current, kind, at: performance.now() });
    const rest = kind === shown.kind ? shown.at + WORDS_EVERY_MS - performance.now() : 0;
    if (rest <= 0) {
      show();
      return;
    }
    const timer = setTimeout(show, rest);
    return () => clearTimeout(timer);
  }, [text, kind, shown]);
  return shown.report;
}
