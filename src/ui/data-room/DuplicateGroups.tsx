import { Button } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { DataSetIndex, DataSetSummary, DuplicateGroup } from '../../rpc/protocol.ts';
import { useColoursOf } from '../class-colour.ts';
import { whole } from '../numbers.ts';
import { SampleThumbnail } from '../samples/SampleThumbnail.tsx';
import type { Fixes } from './CheckTab.tsx';

const SHOWN_AT_FIRST = 12;
const HEIGHT_PX = 104;

export interface DuplicateGroupsProps {
  readonly set: DataSetSummary;
  readonly index: DataSetIndex;
  readonly groups: readonly DuplicateGroup[];
  readonly fixes: Fixes;
  readonly onOpen: (sampleId: string) => void;
}

/** Pictures that are in the set more than once; those on both sides of train and val first, and in red. */
export function DuplicateGroups({ set, index, groups, fixes, onOpen }: DuplicateGroupsProps): ReactNode {
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const colourOf = useColoursOf(index.classes);
  const samples = useMemo(() => new Map(index.samples.map((sample) => [sample.id, sample])), [index]);
  const splitsOf = useMemo(() => {
    const names = new Map<string, string>();
    for (const [name, ids] of Object.entries(index.splits)) {
      for (const id of ids) names.set(id, names.has(id) ? `${names.get(id)}, ${name}` : name);
    }
    return names;
  }, [index]);
  if (groups.length === 0) return null;
  const leaks = groups.filter((group) => group.leaks).length;
  const extra = groups.reduce((sum, { sampleIds }) => sum + sampleIds.length - 1, 0);
  return (
    <section className="card check-part" aria-labelledby="check-duplicates">
      <div className="check-head">
        <h2 id="check-duplicates">
          {groups.length === 1 ? '1 picture is' : `${whole(groups.length)} pictures are`} in the set more than once
        </h2>
        <Button
          variant="default"
          size="compact-sm"
          disabled={fixes.disabled}
          loading={fixes.mending === 'remove-duplicates'}
          onClick={() => fixes.onFix({ kind: 'remove-duplicates' })}
        >
          Keep one of each, remove {whole(extra)}
        </Button>
      </div>
      {leaks > 0 && (
        <div className="said said-bad check-leak" role="alert">
          <p>
            <strong>
              {leaks === 1 ? '1 of them is' : `${whole(leaks)} of them are`} both trained on and measured on.
            </strong>{' '}
            Figures on such a split are better than the model is.
          </p>
          <Button
            variant="default"
            size="compact-sm"
            disabled={fixes.disabled}
            loading={fixes.mending === 'end-leaks'}
            onClick={() => fixes.onFix({ kind: 'end-leaks' })}
          >
            Move them to train
          </Button>
        </div>
      )}
      <ul className="duplicate-groups">
        {groups.slice(0, most).map(({ sampleIds, kind, distance, leaks: isLeak }) => (
          <li key={sampleIds[0]} data-leak={isLeak}>
            <div className="duplicate-row">
              {sampleIds.slice(0, 6).map((id) => {
                const sample = samples.get(id);
                if (sample === undefined) return null;
                const split = splitsOf.get(id) ?? 'no split';
                return (
                  <figure key={id}>
                    <SampleThumbnail
                      dataSetId={set.id}
                      sampleId={id}
                      size={sample.size}
                      heightPx={HEIGHT_PX}
                      truth={sample.objects.map(({ className, boxXyxyPx }) => ({
                        colour: colourOf(className),
                        boxXyxyPx,
                      }))}
                      label={`${id}, ${split}: open`}
                      onClick={() => onOpen(id)}
                    />
                    <figcaption className="small">
                      {id} <span className="muted">{split}</span>
                    </figcaption>
                  </figure>
                );
              })}
            </div>
            <p className="small muted">
              {kind === 'exact' ? 'the same bytes' : `alike: ${distance} of 256 bits differ`}
              {sampleIds.length > 6 && `, ${whole(sampleIds.length)} pictures`}
              {isLeak && ', in train and in what is measured on'}
            </p>
          </li>
        ))}
      </ul>
      {groups.length > most && (
        <Button variant="subtle" size="compact-sm" onClick={() => setMost(most + 48)}>
          Show more of {whole(groups.length)}
        </Button>
      )}
    </section>
  );
}
