import { Textarea } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { RunSummary } from '../../rpc/protocol.ts';
import { useRuns } from '../studio.ts';

/** What a person writes about a run; kept when they go elsewhere. */
export function RunNote({ run }: { readonly run: RunSummary }): ReactNode {
  const note = useRuns((state) => state.note);
  const [typed, setTyped] = useState(run.note);
  const newest = useRef({ typed, kept: run.note });
  newest.current = { typed, kept: run.note };
  const keep = (): void => {
    if (newest.current.typed !== newest.current.kept) void note(run.id, newest.current.typed);
  };
  const keepNow = useRef(keep);
  keepNow.current = keep;
  // Another run or room may be chosen by a key, with the cursor still in here.
  useEffect(() => () => keepNow.current(), []);
  return (
    <Textarea
      label="Note"
      placeholder="What you tried, and what came of it"
      size="xs"
      autosize
      minRows={2}
      maxRows={8}
      maxLength={4000}
      value={typed}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={keep}
    />
  );
}
