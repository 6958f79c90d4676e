import { Button, Group, Modal } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useNetwork } from '../studio.ts';

/** Asks before another server is asked for a file; closing it is a refusal. */
export function OutsideDialog(): ReactNode {
  const question = useNetwork((state) => state.question);
  const answer = useNetwork((state) => state.answer);
  // The words stay while the dialog fades.
  const last = useRef(question);
  if (question !== null) last.current = question;
  const { what = '', url = '', sends } = last.current ?? {};
  const host = URL.canParse(url) ? new URL(url).host : url;
  return (
    // In front of the dialog that it may be asked from.
    <Modal opened={question !== null} onClose={() => answer(false)} title="Fetch from another site?" zIndex={300}>
      <p>
        Detrain will fetch <strong>{what}</strong> from <strong>{host}</strong>.{' '}
        {sends === undefined
          ? 'Nothing is sent but the request itself.'
          : `Nothing is sent but the request itself and ${sends}, which goes to ${host} alone.`}
      </p>
      <p className="muted small outside-address">{url}</p>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={() => answer(false)}>
          Cancel
        </Button>
        <Button data-autofocus onClick={() => answer(true)}>
          Fetch
        </Button>
      </Group>
    </Modal>
  );
}
