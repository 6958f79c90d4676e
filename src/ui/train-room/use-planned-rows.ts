import { useEffect, useMemo, useState } from 'react';
import type { ClassMap } from '../../base/class-rows.ts';
import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { WeightsSource } from '../../rpc/protocol.ts';
import { type PlannedRows, plannedRows } from '../../state/planned-rows.ts';
import { useRuns, useStudio, useTrainForm } from '../studio.ts';
import type { TrainPlan } from './use-train-plan.ts';

/** From which rows of the weights the classes of the next run start, as far as that is known. */
export interface RowsPlan {
  /** The classes of the weights; null until they were read. */
  readonly labels: readonly string[] | null;
  /** Null while set or weights are not known. */
  readonly planned: PlannedRows | null;
  /** What starts with the run. */
  readonly chosen: ClassMap;
  /** Why the weights could not be read. */
  readonly error: StudioError | null;
}

/** Looks into the weights that the form names, and matches their classes with those of its set. */
export function usePlannedRows({ set, from }: Pick<TrainPlan, 'set' | 'from'>): RowsPlan {
  const chosen = useTrainForm((state) => state.classMap);
  const { labels, error } = useClassesOf(from.source);
  const planned = useMemo(
    () => (set === null || labels === null ? null : plannedRows(set.classes, labels, chosen)),
    [set, labels, chosen],
  );
  return { labels, planned, chosen: planned?.map ?? chosen, error };
}

interface Read {
  readonly source: WeightsSource;
  readonly labels: readonly string[] | null;
  readonly error: StudioError | null;
}

function useClassesOf(source: WeightsSource): Pick<Read, 'labels' | 'error'> {
  const { run } = useStudio();
  const runs = useRuns((state) => state.runs);
  // A run's are known without a look into its weights.
  const ofRun = source.kind === 'run' ? (runs?.find(({ id }) => id === source.runId)?.classes ?? null) : null;
  const [read, setRead] = useState<Read | null>(null);
  useEffect(() => {
    if (source.kind === 'run') return;
    let wanted = true;
    const keep = (part: Omit<Read, 'source'>): void => {
      if (wanted) setRead({ source, ...part });
    };
    run
      .getState()
      .classesOf(source)
      .then(
        (labels) => keep({ labels, error: null }),
        (thrown: unknown) => keep({ labels: null, error: toStudioError(thrown) }),
      );
    return () => {
      wanted = false;
    };
  }, [run, source]);
  if (source.kind === 'run') return { labels: ofRun, error: null };
  return read?.source === source ? read : { labels: null, error: null };
}
