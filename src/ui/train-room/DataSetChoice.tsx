import { Button, NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DataSetSummary } from '../../rpc/protocol.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { counted, whole } from '../numbers.ts';
import { useLibrary, useTrainForm } from '../studio.ts';

/** On which of the sets in this browser the next run trains. */
export function DataSetChoice({
  set,
  disabled,
}: {
  readonly set: DataSetSummary | null;
  readonly disabled: boolean;
}): ReactNode {
  const sets = useLibrary((state) => state.sets);
  const error = useLibrary((state) => state.error);
  const refresh = useLibrary((state) => state.refresh);
  const choose = useTrainForm((state) => state.choose);
  if (error !== null && sets === null) {
    return (
      <ErrorNote title="The data sets could not be listed" message={error.message}>
        <Button size="compact-sm" variant="default" mt={8} onClick={() => void refresh()}>
          Try again
        </Button>
      </ErrorNote>
    );
  }
  return (
    <NativeSelect
      size="sm"
      label="Data set"
      disabled={disabled || set === null}
      value={set?.id ?? ''}
      data={
        sets === null ? [{ value: '', label: 'Loading' }] : sets.map(({ id, name }) => ({ value: id, label: name }))
      }
      onChange={(event) => choose({ dataSetId: event.currentTarget.value })}
      description={set === null ? ' ' : countsOf(set)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    />
  );
}

function countsOf({ images, splits, classes }: DataSetSummary): string {
  const parts = Object.entries(splits)
    .filter(([name]) => name !== 'trainval')
    .map(([name, count]) => `${whole(count)} ${name}`);
  const kinds = classes.length === 1 ? '1 class' : `${classes.length} classes`;
  const unmeasured = (splits.train ?? 0) > 0 && (splits.val ?? 0) === 0 ? ['none in val to measure on'] : [];
  return `${counted(images, 'image', 'images')}: ${[...parts, ...unmeasured, kinds].join(', ')}`;
}
