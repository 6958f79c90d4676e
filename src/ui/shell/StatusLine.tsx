import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { durationText } from '../../base/duration-text.ts';
import { isActive } from '../../state/run.ts';
import { type StatusReport, statusOf } from '../../state/status.ts';
import { rate } from '../numbers.ts';
import { usePrediction, useRun } from '../studio.ts';

/** Screen readers read the line aloud as it changes, so its words change once a second at most. */
const WORDS_EVERY_MS = 1000;

/** Tells on every page what runs, how far it is, how fast, and how long it takes still; pauses and stops it. */
export function StatusLine(): ReactNode {
  const run = useRun((state) => state);
  const prediction = usePrediction((state) => state);
  const now = statusOf(run, prediction);
  const said = useSlowly(now, `${run.phase} ${now.mood} ${now.what}`);
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
        {said.secondsLeft !== null && <span className="muted">{durationText(said.secondsLeft)} left</span>}
      </div>
      {isActive(run.phase) && (
        <div className="status-buttons">
          {run.phase === 'paused' ? (
            <Button size="compact-sm" variant="default" onClick={() => void run.resume()}>
              Resume
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              disabled={run.phase !== 'running'}
              onClick={() => void run.pause()}
            >
              Pause
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="default"
            disabled={run.phase === 'stopping'}
            onClick={() => void run.stop()}
          >
            Stop
          </Button>
        </div>
      )}
    </footer>
  );
}

/** The newest report, at most once a second unless what runs has changed. */
function useSlowly(report: StatusReport, kind: string): StatusReport {
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
