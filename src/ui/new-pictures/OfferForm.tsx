import { Button, NativeSelect, Progress, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { ImportProgress } from '../../rpc/protocol.ts';
import { importWords } from '../../state/import-words.ts';
import type { OfferedPictures } from '../../state/new-pictures.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { whole } from '../numbers.ts';
import { useLibrary, useNewPictures } from '../studio.ts';

const NEW_SET = '';

/** Which set the given pictures are to be in. */
export function OfferForm({ offered }: { readonly offered: OfferedPictures }): ReactNode {
  const sets = useLibrary((state) => state.sets);
  const progress = useNewPictures((state) => state.progress);
  const fault = useNewPictures((state) => state.fault);
  const add = useNewPictures((state) => state.add);
  const drop = useNewPictures((state) => state.drop);
  const [into, setInto] = useState(offered.into ?? NEW_SET);
  const [name, setName] = useState(offered.name);
  const { files } = offered;
  const count = files.length === 1 ? '1 picture' : `${whole(files.length)} pictures`;
  const own = sets?.filter(({ bundled }) => !bundled) ?? [];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void add(into === NEW_SET ? null : into, name);
  };
  if (progress !== null) return <Adding progress={progress} count={files.length} />;
  return (
    <form className="offer-form" onSubmit={submit}>
      <p>
        {count}, {bytesText(files.reduce((sum, { file }) => sum + file.size, 0))}. Kept in this browser, without labels,
        for you to label.
      </p>
      {own.length > 0 && (
        <NativeSelect
          label="Put them in"
          value={into}
          data={[{ value: NEW_SET, label: 'A new set' }, ...own.map((set) => ({ value: set.id, label: set.name }))]}
          onChange={({ currentTarget }) => setInto(currentTarget.value)}
        />
      )}
      {into === NEW_SET ? (
        <TextInput
          label="Name of the new set"
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
      ) : (
        <p className="small muted">
          They become a version of their own, which can be gone back from. A picture that is in the set already is not
          added twice.
        </p>
      )}
      {fault !== null && <ErrorNote title="They were not added" message={fault.message} />}
      <div className="form-buttons">
        <Button variant="default" onClick={drop}>
          Leave them
        </Button>
        <Button type="submit">{into === NEW_SET ? 'Make the set' : `Add ${count}`}</Button>
      </div>
    </form>
  );
}

function Adding({ progress, count }: { readonly progress: ImportProgress; readonly count: number }): ReactNode {
  const cancel = useNewPictures((state) => state.cancel);
  const { bytesDone, bytesTotal, picturesDone } = progress;
  return (
    <div className="offer-form">
      <Progress
        value={bytesTotal === null || bytesTotal === 0 ? 0 : (100 * bytesDone) / bytesTotal}
        aria-label="Pictures added"
        transitionDuration={0}
      />
      <p role="status">
        {whole(picturesDone)} of {whole(count)} pictures <span className="muted">{importWords(progress).pace}</span>
      </p>
      <div className="form-buttons">
        <Button variant="default" onClick={() => void cancel()}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
