import { lazy, type ReactNode, Suspense } from 'react';
import type { HubDialogProps } from './HubDialog.tsx';

const HubDialog = lazy(async () => ({ default: (await import('./HubDialog.tsx')).HubDialog }));

/** The dialog of the hub's models, fetched when it is first opened. */
export function LazyHubDialog(props: HubDialogProps): ReactNode {
  return props.opened ? (
    <Suspense>
      <HubDialog {...props} />
    </Suspense>
  ) : null;
}
