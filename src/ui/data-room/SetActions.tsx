import { ActionIcon, Button, Menu, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { DataSetSummary, ExportForm } from '../../rpc/protocol.ts';
import { whyFixed } from '../../state/fixed-set.ts';
import { download } from '../download.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useFileDialog } from '../FileDialog.tsx';
import { MoreIcon } from '../MoreIcon.tsx';
import { PictureChoice } from '../new-pictures/PictureChoice.tsx';
import { useLibrary, useStudio } from '../studio.ts';
import { PartsNote } from './PartsNote.tsx';
import { useCopySet } from './use-copy-set.ts';

const FORMS: readonly { readonly form: ExportForm; readonly label: string }[] = [
  { form: 'voc', label: 'Export as VOC tar' },
  { form: 'coco', label: 'Export as COCO tar' },
  { form: 'yolo', label: 'Export as YOLO tar' },
];

const ADD_PICTURES = 'Add pictures to it';

/** What is seldom done with a set: adding pictures, copying and exporting it, deleting it. */
export function SetActions({ set }: { readonly set: DataSetSummary }): ReactNode {
  const { files } = useStudio();
  const [asks, setAsks] = useState(false);
  const pictures = useFileDialog();
  const copy = useCopySet();
  const [exporting, setExporting] = useState(false);
  const busy = exporting || copy.copying;
  const [said, setSaid] = useState('');
  const [error, setError] = useState<StudioError | null>(null);

  const exportSet = async (form: ExportForm): Promise<void> => {
    setExporting(true);
    setError(null);
    setSaid('Packing the set');
    try {
      const { name, blob, lost } = await files.exportDataSet(set.id, form);
      download(name, [blob], blob.type);
      setSaid([`${name}: ${bytesText(blob.size)}.`, ...(lost.length > 0 ? ['Not in it:', ...lost] : [])].join(' '));
    } catch (thrown) {
      setError(toStudioError(thrown));
      setSaid('');
    }
    setExporting(false);
  };
  const copySet = async (): Promise<void> => {
    setSaid('Copying the set');
    const made = await copy.copy(set);
    setSaid(made === null ? '' : `"${made.name}" is the copy, which can be edited.`);
  };
  const copyHash = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(set.hash);
      setSaid('Hash copied');
    } catch (thrown) {
      setSaid(`The hash was not copied: ${toStudioError(thrown).message}`);
    }
  };

  return (
    <>
      <span className="small muted set-said" role="status">
        {said}
      </span>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} loading={busy} aria-label={`More for ${set.name}`}>
            <MoreIcon widthPx={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {whyFixed(set) === null && <Menu.Item onClick={pictures.open}>{ADD_PICTURES}</Menu.Item>}
          <Menu.Item onClick={() => void copySet()}>Copy the set</Menu.Item>
          {FORMS.map(({ form, label }) => (
            <Menu.Item key={form} onClick={() => void exportSet(form)}>
              {label}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => void copyHash()}>Copy hash</Menu.Item>
          {!set.bundled && (
            <Menu.Item color="red" onClick={() => setAsks(true)}>
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <PictureChoice dialog={pictures} label={ADD_PICTURES} into={set.id} />
      {error !== null && (
        <div className="set-action-error">
          <ErrorNote title="The set was not exported" message={error.message} />
        </div>
      )}
      {copy.error !== null && (
        <div className="set-action-error">
          <ErrorNote title="The set was not copied" message={copy.error.message} />
        </div>
      )}
      <Modal opened={asks} onClose={() => setAsks(false)} title={`Delete "${set.name}"?`}>
        <DeleteQuestion set={set} onDone={() => setAsks(false)} />
      </Modal>
    </>
  );
}

function DeleteQuestion({ set, onDone }: { readonly set: DataSetSummary; readonly onDone: () => void }): ReactNode {
  const { library } = useStudio();
  const remove = useLibrary((state) => state.remove);
  const fault = useLibrary((state) => (state.removeError?.id === set.id ? state.removeError.error : null));
  const [busy, setBusy] = useState(false);
  return (
    <div className="address-form">
      <p>
        This frees {bytesText(set.bytes)} and cannot be undone. Runs that were trained on it stay. To keep a copy,
        export it as a VOC tar first.
      </p>
      <PartsNote of={set.id} />
      {fault !== null && <ErrorNote title="It was not deleted" message={fault.message} />}
      <div className="form-buttons">
        <Button variant="default" data-autofocus onClick={onDone}>
          Keep it
        </Button>
        <Button
          color="red"
          loading={busy}
          onClick={async () => {
            setBusy(true);
            await remove(set.id);
            setBusy(false);
            if (library.getState().removeError !== null) return;
            // This is gone with its set: the focus goes to the one that is shown instead.
            document.querySelector<HTMLElement>('.set[aria-current="true"]')?.focus();
          }}
        >
          Delete {bytesText(set.bytes)}
        </Button>
      </div>
    </div>
  );
}
