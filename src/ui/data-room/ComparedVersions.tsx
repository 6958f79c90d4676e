import { Button, NativeSelect } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { DataSetSummary, SampleDifference, SetDifference, SetVersion } from '../../rpc/protocol.ts';
import { differenceWords } from '../../state/difference-words.ts';
import { useColoursOf } from '../class-colour.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { whole } from '../numbers.ts';
import { SampleThumbnail } from '../samples/SampleThumbnail.tsx';
import { useLibrary, useStudio } from '../studio.ts';

const SHOWN_AT_FIRST = 24;
const HEIGHT_PX = 96;
const NOW = 'now';

export interface ComparedVersionsProps {
  readonly set: DataSetSummary;
  readonly versions: readonly SetVersion[];
  /** The version that is compared with the set as it is now, until others are chosen. */
  readonly first: number;
  readonly onOpen: (sampleId: string) => void;
}

/** What differs between two versions, picture by picture. */
export function ComparedVersions({ set, versions, first, onOpen }: ComparedVersionsProps): ReactNode {
  const { files } = useStudio();
  const card = useRef<HTMLElement>(null);
  // It stands below the list, which may be long.
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const [from, setFrom] = useState(String(first));
  const [to, setTo] = useState(NOW);
  const [difference, setDifference] = useState<SetDifference | null>(null);
  const [error, setError] = useState<StudioError | null>(null);
  useEffect(() => {
    let isAsked = true;
    setError(null);
    files.compareVersions(set.id, Number(from), to === NOW ? null : Number(to)).then(
      (found) => isAsked && setDifference(found),
      (thrown: unknown) => isAsked && setError(toStudioError(thrown)),
    );
    return () => {
      isAsked = false;
    };
  }, [files, set.id, from, to]);
  const numbered = versions.map(({ number, name }) => ({
    value: String(number),
    label: name === null ? `version ${number}` : `version ${number}, ${name}`,
  }));
  return (
    <section ref={card} className="card check-part" aria-labelledby="versions-compared">
      <div className="check-head">
        <h2 id="versions-compared">
          From version {from} to {to === NOW ? NOW : `version ${to}`}
        </h2>
        <NativeSelect
          size="xs"
          aria-label="From"
          value={from}
          data={numbered}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          aria-label="To"
          value={to}
          data={[{ value: NOW, label: 'the set as it is now' }, ...numbered]}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
        />
      </div>
      {error !== null && <ErrorNote title="They were not compared" message={error.message} />}
      {difference !== null && (
        <>
          <p className="small">{differenceWords(difference)}.</p>
          <Pictures set={set} samples={difference.samples} onOpen={onOpen} />
        </>
      )}
    </section>
  );
}

interface PicturesProps extends Pick<ComparedVersionsProps, 'set' | 'onOpen'> {
  readonly samples: readonly SampleDifference[];
}

function Pictures({ set, samples, onOpen }: PicturesProps): ReactNode {
  const index = useLibrary((state) => state.indexes[set.id]);
  const colourOf = useColoursOf(set.classes);
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const byId = useMemo(() => new Map(index?.samples.map((sample) => [sample.id, sample])), [index]);
  return (
    <>
      <ul className="compared-pictures">
        {samples.slice(0, most).map((one) => {
          const { sampleId } = one;
          const sample = byId.get(sampleId);
          return (
            <li key={sampleId}>
              {sample !== undefined && (
                <SampleThumbnail
                  dataSetId={set.id}
                  sampleId={sampleId}
                  size={sample.size}
                  heightPx={HEIGHT_PX}
                  truth={sample.objects.map(({ className, boxXyxyPx }) => ({
                    colour: colourOf(className),
                    boxXyxyPx,
                  }))}
                  label={`${sampleId}: open`}
                  onClick={() => onOpen(sampleId)}
                />
              )}
              <span>
                <span className="compared-name">{sampleId}</span>{' '}
                <span className="muted small">
                  {pictureWords(one)}
                  {sample === undefined && ', not in the set now'}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      {samples.length > most && (
        <Button variant="subtle" size="compact-sm" onClick={() => setMost(most + 120)}>
          Show more of {whole(samples.length)}
        </Button>
      )}
    </>
  );
}

function pictureWords({ picture, added, removed, changed }: SampleDifference): string {
  const parts = [
    picture === 'kept' ? '' : `picture ${picture}`,
    added > 0 ? `${boxes(added)} added` : '',
    removed > 0 ? `${boxes(removed)} removed` : '',
    changed > 0 ? `${boxes(changed)} changed` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'labelled or no more' : parts.join(', ');
}

function boxes(count: number): string {
  return `${whole(count)} ${count === 1 ? 'box' : 'boxes'}`;
}
