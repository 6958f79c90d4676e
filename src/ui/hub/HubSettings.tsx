import { TextInput, UnstyledButton } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import { HUB_URL, hubAddress } from '../../base/hub-models.ts';
import { useHub, usePreferences, useStudio } from '../studio.ts';

/** What few need: a token for private models, and another hub. */
export function HubSettings(): ReactNode {
  const { hub, preferences } = useStudio();
  const token = useHub((state) => state.token);
  const kept = usePreferences((state) => state.hub);
  const [shown, setShown] = useState(token !== '' || kept !== HUB_URL);
  const [address, setAddress] = useState(kept);
  const fieldsId = useId();
  const isAddress = hubAddress(address) !== null;
  return (
    <form className="hub-settings" onSubmit={(event) => event.preventDefault()} noValidate>
      <UnstyledButton className="more" aria-expanded={shown} aria-controls={fieldsId} onClick={() => setShown(!shown)}>
        Token and address
      </UnstyledButton>
      <div className="hub-fields" id={fieldsId} hidden={!shown}>
        <TextInput
          size="sm"
          label="Token"
          type="password"
          description={`For private models. It goes to ${hostOf(kept)} alone, and is forgotten when this tab is closed or loaded again.`}
          autoComplete="off"
          value={token}
          onChange={(event) => hub.getState().setToken(event.currentTarget.value)}
        />
        <TextInput
          size="sm"
          label="Address of the hub"
          description={`A mirror, or ${HUB_URL}.`}
          type="url"
          spellCheck={false}
          value={address}
          error={isAddress ? null : 'Expected an address that begins with https:// or http://.'}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            setAddress(typed);
            const read = hubAddress(typed);
            if (read !== null) preferences.getState().setHub(read);
          }}
        />
      </div>
    </form>
  );
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
