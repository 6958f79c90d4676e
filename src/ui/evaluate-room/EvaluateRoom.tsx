import type { ReactNode } from 'react';

/** Evaluate. */
export function EvaluateRoom(): ReactNode {
  return (
    <div className="calm">
      <h1>Evaluate</h1>
    </div>
  );
}
