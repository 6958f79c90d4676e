import { Popover, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { OutsideRequest } from '../../state/network.ts';
import { useNetwork } from '../studio.ts';

/** So many addresses are listed at most, the newest; the count is of all. */
const LISTED = 50;

/** The count of requests beyond this site, as the browser measures them, and their list. */
export function NetworkPanel(): ReactNode {
  const outside = useNetwork((state) => state.outside);
  const count = requests(outside.length);
  return (
    <Popover width={340} position="top-end" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className="network" data-some={outside.length > 0} title={`${count} beyond this site`}>
          <svg
            width="14"
            height="14"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.3"
            aria-hidden="true"
          >
            <circle cx="8" cy="8" r="6" />
            <path d="M2 8h12M8 2c2.2 1.8 3 3.8 3 6s-.8 4.2-3 6c-2.2-1.8-3-3.8-3-6s.8-4.2 3-6z" />
          </svg>
          <span className="network-word">Network</span>
          <span>{outside.length}</span>
          <span className="only-read-aloud">{` ${count} beyond this site`}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="Network">
        <h2>{count} beyond this site</h2>
        <p className="muted small network-said">
          Counted by the browser, of this page and its workers, since the page was opened. Pictures, boxes and weights
          stay on this computer; another server is asked only after you agreed, and only for the file that you named.
        </p>
        {outside.length > 0 && (
          <ul className="network-list">
            {outside.slice(-LISTED).map((request) => (
              <OutsideEntry key={request.number} request={request} />
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function OutsideEntry({ request }: { readonly request: OutsideRequest }): ReactNode {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  return (
    <li>
      <strong>{url?.host ?? request.url}</strong> <span className="muted">{url?.pathname ?? ''}</span>
      <span className="muted small"> from {request.from === 'page' ? 'the page' : `the ${request.from} worker`}</span>
    </li>
  );
}

function requests(count: number): string {
  return count === 1 ? '1 request' : `${count} requests`;
}
