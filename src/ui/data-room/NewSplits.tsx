import { Button, NumberInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { DataSetSummary } from '../../rpc/protocol.ts';
import { whole } from '../numbers.ts';
import type { Fixes } from './CheckTab.tsx';

/** Draws train and val anew, each class in its share. */
export function NewSplits({ set, fixes }: { readonly set: DataSetSummary; readonly fixes: Fixes }): ReactNode {
  const [valPercent, setValPercent] = useState(20);
  const [testPercent, setTestPercent] = useState(0);
  const [seed, setSeed] = useState(0);
  const now = Object.entries(set.splits).map(([name, count]) => `${whole(count)} ${name}`);
  const trainPercent = 100 - valPercent - testPercent;
  return (
    <section className="card check-part" aria-labelledby="check-splits">
      <h2 id="check-splits">Splits</h2>
      <p className="small muted">
        Now: {now.length === 0 ? 'none' : now.join(', ')}. Drawn anew, each class has its share in every split, and
        pictures that are alike stay together. The splits that the set has now can be had back.
      </p>
      <div className="check-split-fields">
        <NumberInput
          size="xs"
          label="Val, %"
          min={0}
          max={90}
          value={valPercent}
          onChange={(value) => setValPercent(Number(value))}
        />
        <NumberInput
          size="xs"
          label="Test, %"
          min={0}
          max={90}
          value={testPercent}
          onChange={(value) => setTestPercent(Number(value))}
        />
        <NumberInput size="xs" label="Seed" min={0} value={seed} onChange={(value) => setSeed(Number(value))} />
        <Button
          variant="default"
          size="compact-md"
          disabled={fixes.disabled || trainPercent <= 0}
          loading={fixes.mending === 'split'}
          onClick={() =>
            fixes.onFix({
              kind: 'split',
              shares: {
                train: trainPercent,
                val: valPercent,
                ...(testPercent > 0 && { test: testPercent }),
              },
              seed,
            })
          }
        >
          Split anew, {whole(trainPercent)} % to train
        </Button>
      </div>
    </section>
  );
}
