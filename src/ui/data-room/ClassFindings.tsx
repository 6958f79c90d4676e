import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ClassFinding } from '../../rpc/protocol.ts';
import { whole } from '../numbers.ts';
import type { Fixes } from './CheckTab.tsx';

export interface ClassFindingsProps {
  readonly findings: readonly ClassFinding[];
  readonly fixes: Fixes;
}

/** What class names and their counts say; names that may be one class can be merged, into any of them. */
export function ClassFindings({ findings, fixes }: ClassFindingsProps): ReactNode {
  if (findings.length === 0) return null;
  return (
    <section className="card check-part" aria-labelledby="check-classes">
      <h2 id="check-classes">{findings.length === 1 ? '1 remark' : `${whole(findings.length)} remarks`} on classes</h2>
      <ul className="check-list">
        {findings.map(({ kind, classes, reason }) => (
          <li key={`${kind} ${classes.join(' ')}`}>
            <p>{reason}</p>
            {kind === 'alike' && (
              <div className="note-buttons">
                {classes.map((into) => (
                  <Button
                    key={into}
                    variant="default"
                    size="compact-sm"
                    disabled={fixes.disabled}
                    loading={fixes.mending === 'merge-classes'}
                    onClick={() => fixes.onFix({ kind: 'merge-classes', from: classes, into })}
                  >
                    Call them all "{into}"
                  </Button>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
