import { useCallback } from 'react';
import { useLocation } from 'wouter';
import type { NamedWeights } from '../../state/weights-choices.ts';
import { useStudio } from '../studio.ts';

/** Opens the Train room for a run on a set, from those weights where some are given. */
export function useTrainOn(): (dataSetId: string, from?: NamedWeights | null) => void {
  const { trainForm } = useStudio();
  const [, navigate] = useLocation();
  return useCallback(
    (dataSetId, from = null) => {
      trainForm.getState().choose({ dataSetId, ...(from === null ? {} : { from }) });
      navigate('/train');
    },
    [trainForm, navigate],
  );
}
