import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { addressFault } from '../../state/import-source.ts';
import { useFileDialog } from '../FileDialog.tsx';
import { PictureChoice } from '../new-pictures/PictureChoice.tsx';
import { useLibrary, useNewPictures } from '../studio.ts';
import { FileChoice } from './FileChoice.tsx';

const LABEL = 'Import data set';

/** Opens the file dialogue at once; beside it stand the two other ways, a folder and an address. */
export function ImportButton(): ReactNode {
  const importing = useLibrary((state) => state.importing !== null);
  const files = useFileDialog();
  const folder = useFileDialog();
  const pictures = useFileDialog();
  const pictureFolder = useFileDialog();
  const capture = useNewPictures((state) => state.capture);
  const [asksAddress, setAsksAddress] = useState(false);
  return (
    <>
      <Button.Group className="import-buttons">
        <Button variant="default" disabled={importing} onClick={files.open}>
          {LABEL}
        </Button>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="default" size={36} disabled={importing} aria-label="Other ways to import">
              <svg
                width="12"
                height="12"
                viewBox="0 0 12 12"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.5"
                aria-hidden="true"
              >
                <path d="M2.5 4.5 6 8l3.5-3.5" />
              </svg>
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={files.open}>Archives: tar, tar.gz or zip; or shards with their index.json</Menu.Item>
            <Menu.Item onClick={folder.open}>A folder</Menu.Item>
            <Menu.Item onClick={() => setAsksAddress(true)}>From an address</Menu.Item>
            <Menu.Divider />
            <Menu.Label>Pictures without labels</Menu.Label>
            <Menu.Item onClick={pictures.open}>Pictures, or a video</Menu.Item>
            <Menu.Item onClick={pictureFolder.open}>A folder of pictures</Menu.Item>
            <Menu.Item onClick={() => capture({ kind: 'camera' })}>The camera</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      <FileChoice label={LABEL} folder={false} dialog={files} />
      <FileChoice label="Import a folder" folder dialog={folder} />
      <PictureChoice label="Pictures, or a video" dialog={pictures} />
      <FileChoice label="A folder of pictures" folder dialog={pictureFolder} />
      <Modal opened={asksAddress} onClose={() => setAsksAddress(false)} title="Import from an address">
        <AddressForm onDone={() => setAsksAddress(false)} />
      </Modal>
    </>
  );
}

function AddressForm({ onDone }: { readonly onDone: () => void }): ReactNode {
  const importFrom = useLibrary((state) => state.importFrom);
  const [url, setUrl] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found = addressFault(url);
    setFault(found);
    if (found !== null) return;
    onDone();
    void importFrom({ kind: 'address', url: url.trim() });
  };
  return (
    <form className="address-form" onSubmit={submit} noValidate>
      <p className="small muted">
        An archive, or a set in shards as npm run data makes it: the address of its folder or its index.json. Shards are
        fetched three at a time, each picture is checked, and after a break it goes on where it was. Nothing is sent but
        the questions. The server has to allow it (CORS); where it does not, download the files and choose them.
      </p>
      <TextInput
        label="Address of a tar, tar.gz or zip, or of a set in shards"
        type="url"
        placeholder="https://"
        data-autofocus
        value={url}
        error={fault}
        onChange={(event) => {
          setUrl(event.currentTarget.value);
          setFault(null);
        }}
      />
      <div className="form-buttons">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit">Import</Button>
      </div>
    </form>
  );
}
