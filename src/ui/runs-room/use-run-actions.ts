import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { StudioError } from '../../base/errors.ts';
import type { OfferedFile, RunSummary, WeightsSource } from '../../rpc/protocol.ts';
import { checkpointOf } from '../../state/runs.ts';
import { download } from '../download.ts';
import { useStudio } from '../studio.ts';

/** What can be done with a run besides naming and deleting it. */
export interface RunActions {
  /** Goes on with it, in the Train room. */
  resume(run: RunSummary): void;
  /** Predicts with its weights. */
  tryIt(run: RunSummary): void;
  evaluate(run: RunSummary): void;
  /** Proposes its weights as the start of the next run. */
  trainFrom(run: RunSummary): void;
  downloadWeights(run: RunSummary): Promise<void>;
  /** Opens the dialog that exports its weights. */
  exportModel(run: RunSummary): void;
  exportZip(run: RunSummary): Promise<void>;
  copyLink(run: RunSummary): Promise<void>;
}

/** The weights by which a run is judged; null where it has none. */
export function weightsOf(run: RunSummary): WeightsSource | null {
  const checkpoint = checkpointOf(run);
  return checkpoint === null ? null : { kind: 'run', runId: run.id, checkpoint };
}

/** The same functions for as long as the room is shown. */
export function useRunActions(): RunActions {
  const studio = useStudio();
  const [, navigate] = useLocation();
  return useMemo(() => {
    const { runs, run: training, prediction, evaluation, trainForm, library, modelExport } = studio;
    const save = (file: OfferedFile | null): void => {
      if (file !== null) download(file.name, [file.blob], file.blob.type || 'application/octet-stream');
    };
    return {
      resume(run) {
        navigate('/train');
        void training.getState().continueRun(run.id);
      },
      tryIt(run) {
        const weights = weightsOf(run);
        if (weights === null) return;
        navigate('/predict');
        void prediction.getState().load(weights, run.name);
      },
      evaluate(run) {
        const weights = weightsOf(run);
        if (weights === null) return;
        const { sets } = library.getState();
        const same =
          sets?.find(({ id }) => id === run.dataSet.id) ?? sets?.find(({ hash }) => hash === run.dataSet.hash);
        const dataSetId = same?.id ?? sets?.[0]?.id ?? run.dataSet.id;
        evaluation.getState().choose({ weights, name: run.name, dataSetId, split: 'val' });
        navigate('/evaluate');
      },
      trainFrom(run) {
        const source = weightsOf(run);
        if (source === null) return;
        trainForm.getState().choose({ dataSetId: run.dataSet.id, from: { source, name: run.name } });
        navigate('/train');
      },
      downloadWeights: async (run) => save(await runs.getState().weights(run.id)),
      exportModel(run) {
        const source = weightsOf(run);
        if (source !== null) modelExport.getState().open({ source, name: run.name });
      },
      exportZip: async (run) => save(await runs.getState().exportRun(run.id)),
      async copyLink(run) {
        // What checks links is large, and wanted seldom.
        const { settingsToQuery } = await import('../../state/settings-link.ts');
        const query = settingsToQuery(run.settings, {
          dataSetId: run.dataSet.id,
          dataSetName: run.dataSet.name,
          dataSetHash: run.dataSet.hash,
          from: run.from,
          ...(run.chosenRows !== undefined && { chosenRows: run.chosenRows }),
        });
        const { origin, pathname } = window.location;
        try {
          await navigator.clipboard.writeText(`${origin}${pathname}#/train?${query}`);
          runs.getState().tell(`Copied: the link fills in every setting of “${run.name}”, its seed too.`);
        } catch (cause) {
          const message =
            'The browser did not let the page write to the clipboard. Allow it for this site, then copy the link again.';
          runs.getState().tell(new StudioError('usage', message, {}, { cause }));
        }
      },
    };
  }, [studio, navigate]);
}
