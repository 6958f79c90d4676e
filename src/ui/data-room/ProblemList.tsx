import { Button, SegmentedControl } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useMemo, useState } from 'react';
import type { Problem } from '../../rpc/protocol.ts';
import { download } from '../download.ts';
import { whole } from '../numbers.ts';
import { useRoomScroller } from '../samples/room-scroller.ts';

const KINDS = ['all', 'refused', 'warning'] as const;
type Kind = (typeof KINDS)[number];

/** Every file that was refused or taken with a repair, and why. */
export function ProblemList({
  name,
  problems,
}: {
  readonly name: string;
  readonly problems: readonly Problem[];
}): ReactNode {
  const [kind, setKind] = useState<Kind>('all');
  const shown = useMemo(
    () => (kind === 'all' ? problems : problems.filter(({ severity }) => severity === kind)),
    [problems, kind],
  );
  if (problems.length === 0) {
    return (
      <div className="set-body nothing-fits">
        <p>No problems: every file of "{name}" was read as it stands.</p>
      </div>
    );
  }
  const refused = problems.filter(({ severity }) => severity === 'refused').length;
  return (
    <div className="set-body problems">
      <div className="problem-bar">
        <SegmentedControl
          size="xs"
          aria-label="Which problems"
          value={kind}
          onChange={(value) => setKind(KINDS.find((other) => other === value) ?? 'all')}
          transitionDuration={0}
          data={[
            { value: 'all', label: `All ${whole(problems.length)}` },
            { value: 'refused', label: `Refused ${whole(refused)}` },
            { value: 'warning', label: `Taken with a repair ${whole(problems.length - refused)}` },
          ]}
        />
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => download(`${name}-problems.txt`, [problemText(problems)], 'text/plain')}
        >
          Download as text
        </Button>
      </div>
      {shown.length === 0 ? (
        <p className="muted">{kind === 'refused' ? 'No file was refused.' : 'No file needed a repair.'}</p>
      ) : (
        <Rows problems={shown} />
      )}
    </div>
  );
}

function Rows({ problems }: { readonly problems: readonly Problem[] }): ReactNode {
  const { list, marginPx, scroller } = useRoomScroller<HTMLUListElement>();
  const virtual = useVirtualizer({
    count: problems.length,
    getScrollElement: scroller,
    estimateSize: () => 58,
    overscan: 6,
    scrollMargin: marginPx,
    useFlushSync: false,
  });
  return (
    <ul ref={list} className="problem-list" aria-label="Problems" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ index, start, key }) => {
        const problem = problems[index];
        if (problem === undefined) return null;
        const refused = problem.severity === 'refused';
        return (
          <li
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            aria-setsize={problems.length}
            aria-posinset={index + 1}
            className="problem"
            style={{ transform: `translateY(${start - marginPx}px)` }}
          >
            <span className="problem-kind" data-refused={refused}>
              {refused ? 'refused' : 'repaired'}
            </span>
            <span className="problem-file">{problem.file}</span>
            <span className="problem-reason">{problem.reason}</span>
          </li>
        );
      })}
    </ul>
  );
}

function problemText(problems: readonly Problem[]): string {
  const lines = problems.map(({ severity, file, reason }) =>
    [severity === 'refused' ? 'refused' : 'repaired', file, reason.replace(/\s+/g, ' ')].join('\t'),
  );
  return `${lines.join('\n')}\n`;
}
