import { ActionIcon, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { WEIGHTS_FILES, weightsOfFiles } from '../../state/weights-choices.ts';
import { FileDialogInput, useFileDialog } from '../FileDialog.tsx';
import { useStudio } from '../studio.ts';

/** Chooses weights in files: a `.safetensors`, with its config.json where it carries none, or a zip of a folder. */
export function WeightsFileButton({ disabled }: { readonly disabled: boolean }): ReactNode {
  const { evaluation } = useStudio();
  const dialog = useFileDialog();

  const take = (files: readonly File[]): void => {
    const { choice, choose } = evaluation.getState();
    const weights = weightsOfFiles(files);
    if (weights === null || choice === null) return;
    choose({ ...choice, weights: weights.source, name: weights.name });
  };

  return (
    <>
      <Tooltip label="Weights from a file">
        <ActionIcon
          className="evaluate-file"
          variant="default"
          size={36}
          aria-label="Weights from a file"
          disabled={disabled}
          onClick={dialog.open}
        >
          <svg viewBox="0 0 20 20" width={18} height={18} fill="none" stroke="currentColor" aria-hidden="true">
            <path d="M3 15V5h5l2 2h7v8zM10 13V9.5M8 11l2-2 2 2" strokeWidth={1.4} />
          </svg>
        </ActionIcon>
      </Tooltip>
      <FileDialogInput dialog={dialog} label="Weights from a file" accept={WEIGHTS_FILES} onFiles={take} />
    </>
  );
}
