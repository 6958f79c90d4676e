import { useEffect, useState } from 'react';
import type { RunState } from '../../state/run.ts';
import { useStudio } from '../studio.ts';

/**
 * The run of this moment, at most every so many milliseconds while only its log changes; nothing while the page is hidden.
 * What a person did or waits for, such as another phase, is given at once.
 */
export function useRunNow(everyMs: number): RunState {
  const { run } = useStudio();
  const [shown, setShown] = useState(run.getState());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let shownAt = Number.NEGATIVE_INFINITY;
    let last = run.getState();
    const show = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (document.visibilityState === 'hidden') return;
      shownAt = performance.now();
      last = run.getState();
      setShown(last);
    };
    const look = (state: RunState): void => {
      const isNews = state.phase !== last.phase || state.id !== last.id || state.error !== last.error;
      const restMs = shownAt + everyMs - performance.now();
      if (isNews || restMs <= 0) show();
      else timer ??= setTimeout(show, restMs);
    };
    show();
    const unsubscribe = run.subscribe(look);
    document.addEventListener('visibilitychange', show);
    return () => {
      unsubscribe();
      document.removeEventListener('visibilitychange', show);
      if (timer !== null) clearTimeout(timer);
    };
  }, [run, everyMs]);
  return shown;
}
