import type { ReactNode } from 'react';

/** Data. */
export function DataRoom(): ReactNode {
  return (
    <div className="calm">
      <h1>Data</h1>
    </div>
  );
}
