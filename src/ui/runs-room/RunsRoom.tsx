import type { ReactNode } from 'react';

/** Runs. */
export function RunsRoom(): ReactNode {
  return (
    <div className="calm">
      <h1>Runs</h1>
    </div>
  );
}
