import type { ReactNode } from 'react';

/** Three dots, on the button of a menu. */
export function MoreIcon({ widthPx }: { readonly widthPx: number }): ReactNode {
  return (
    <svg width={widthPx} height={widthPx} viewBox="0 0 14 14" fill="currentColor" aria-hidden="true">
      <circle cx="2" cy="7" r="1.3" />
      <circle cx="7" cy="7" r="1.3" />
      <circle cx="12" cy="7" r="1.3" />
    </svg>
  );
}
