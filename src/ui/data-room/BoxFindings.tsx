import { Button } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { BoxFinding, DataSetIndex } from '../../rpc/protocol.ts';
import { useColoursOf } from '../class-colour.ts';
import { whole } from '../numbers.ts';
import { SampleThumbnail } from '../samples/SampleThumbnail.tsx';
import type { Fixes } from './CheckTab.tsx';

const SHOWN_AT_FIRST = 8;
const HEIGHT_PX = 72;

export interface BoxFindingsProps {
  readonly index: DataSetIndex;
  readonly findings: readonly BoxFinding[];
  readonly fixes: Fixes;
  readonly onOpen: (sampleId: string) => void;
}

/** Boxes that are likely not what was meant, with the one in question alone over its picture. */
export function BoxFindings({ index, findings, fixes, onOpen }: BoxFindingsProps): ReactNode {
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const colourOf = useColoursOf(index.classes);
  const samples = useMemo(() => new Map(index.samples.map((sample) => [sample.id, sample])), [index]);
  if (findings.length === 0) return null;
  const count = (kind: BoxFinding['kind']): number => findings.filter((finding) => finding.kind === kind).length;
  const [doubled, tiny] = [count('doubled'), count('tiny')];
  return (
    <section className="card check-part" aria-labelledby="check-boxes">
      <div className="check-head">
        <h2 id="check-boxes">{findings.length === 1 ? '1 odd box' : `${whole(findings.length)} odd boxes`}</h2>
        {doubled > 0 && (
          <Button
            variant="default"
            size="compact-sm"
            disabled={fixes.disabled}
            loading={fixes.mending === 'remove-doubled-boxes'}
            onClick={() => fixes.onFix({ kind: 'remove-doubled-boxes' })}
          >
            Remove {whole(doubled)} doubled
          </Button>
        )}
        {tiny > 0 && (
          <Button
            variant="default"
            size="compact-sm"
            disabled={fixes.disabled}
            loading={fixes.mending === 'remove-tiny-boxes'}
            onClick={() => fixes.onFix({ kind: 'remove-tiny-boxes' })}
          >
            Remove {whole(tiny)} tiny
          </Button>
        )}
      </div>
      <ul className="check-boxes">
        {findings.slice(0, most).map(({ sampleId, kind, box, reason }) => {
          const sample = samples.get(sampleId);
          const object = sample?.objects[box];
          if (sample === undefined || object === undefined) return null;
          const colour = colourOf(object.className);
          return (
            <li key={`${sampleId} ${kind} ${box}`}>
              <SampleThumbnail
                dataSetId={index.id}
                sampleId={sampleId}
                size={sample.size}
                heightPx={HEIGHT_PX}
                truth={[{ colour, boxXyxyPx: object.boxXyxyPx }]}
                label={`Open ${sampleId}`}
                onClick={() => onOpen(sampleId)}
              />
              <p className="small">{reason}</p>
            </li>
          );
        })}
      </ul>
      {findings.length > most && (
        <Button variant="subtle" size="compact-sm" onClick={() => setMost(most + 48)}>
          Show more of {whole(findings.length)}
        </Button>
      )}
    </section>
  );
}
