import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import { parseHubName } from '../../base/hub-models.ts';
import { hubEntries, hubWeights, keptName } from '../../state/hub.ts';
import type { NamedWeights } from '../../state/weights-choices.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useHub, useNetwork, usePreferences, useStudio } from '../studio.ts';
import { HubModelRow } from './HubModelRow.tsx';
import { HubSettings } from './HubSettings.tsx';
import './hub.css';

export interface HubDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Hears of a model that is kept whole and was chosen. */
  readonly onUse: (weights: NamedWeights) => void;
}

/** Models of the hub: those that are offered, those that are kept, and any other by its name. */
export function HubDialog({ opened, onClose, onUse }: HubDialogProps): ReactNode {
  // What is asked about another server stands in front, and has the keys.
  const asks = useNetwork((state) => state.question !== null);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Models of the hub"
      size={560}
      closeOnEscape={!asks}
      trapFocus={!asks}
    >
      <HubModels onClose={onClose} onUse={onUse} />
    </Modal>
  );
}

function HubModels({ onClose, onUse }: Omit<HubDialogProps, 'opened'>): ReactNode {
  const { hub } = useStudio();
  const models = useHub((state) => state.models);
  const listError = useHub((state) => state.listError);
  const fetching = useHub((state) => state.fetching);
  const removal = useHub((state) => state.lastRemoval);
  const address = usePreferences((state) => state.hub);
  const listId = useId();
  const open = useRef(true);

  useEffect(() => {
    open.current = true;
    void hub.getState().refresh();
    return () => {
      open.current = false;
    };
  }, [hub]);

  const use = (name: string): void => {
    onUse(hubWeights(name));
    onClose();
  };
  const fetch = async (name: string): Promise<void> => {
    // Where the dialog was closed meanwhile, it is kept and can be chosen later.
    if ((await hub.getState().fetch(name, address)) && open.current) use(keptName(name));
  };
  return (
    // A room's own form may stand around the dialog, and is not meant by what is submitted in here.
    <div className="hub" onSubmit={(event) => event.stopPropagation()}>
      <p className="small muted" id={listId}>
        Detectors that were trained and published by others. One that is fetched is kept in this browser, and works
        without a network from then on.
      </p>
      <ul className="hub-list" aria-labelledby={listId}>
        {hubEntries(models, fetching?.name).map((entry) => (
          <HubModelRow
            key={entry.name}
            entry={entry}
            onFetch={() => void fetch(entry.name)}
            onUse={() => use(entry.name)}
          />
        ))}
      </ul>
      <AnotherModel disabled={fetching !== null} onFetch={(name) => void fetch(name)} />
      <HubFault />
      {listError !== null && <ErrorNote title="The kept models cannot be listed" message={listError.message} />}
      <p className="small muted" role="status">
        {removal !== null && `"${removal.name}" was deleted: ${bytesText(removal.freedBytes)} freed.`}
      </p>
      <HubSettings />
    </div>
  );
}

function AnotherModel({
  disabled,
  onFetch,
}: {
  readonly disabled: boolean;
  readonly onFetch: (name: string) => void;
}): ReactNode {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const isName = parseHubName(name) !== null;
    setProblem(isName ? null : 'Expected owner/name, such as facebook/detr-resnet-50, or owner/name@revision.');
    if (isName) onFetch(name);
  };
  return (
    <form className="hub-another" onSubmit={submit} noValidate>
      <TextInput
        size="sm"
        label="Another DETR, by its name"
        placeholder="owner/name or owner/name@revision"
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={problem}
        disabled={disabled}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <Button type="submit" variant="default" disabled={disabled || name.trim() === ''}>
        Fetch
      </Button>
    </form>
  );
}

function HubFault(): ReactNode {
  const { hub } = useStudio();
  const fault = useHub((state) => state.fault);
  if (fault === null) return null;
  return (
    <ErrorNote title={`"${fault.name}" was not fetched`} message={fault.error.message}>
      <Button size="compact-sm" variant="default" mt={8} onClick={() => hub.getState().dismiss()}>
        Dismiss
      </Button>
    </ErrorNote>
  );
}
