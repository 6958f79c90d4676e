import { Button, Modal, Skeleton } from '@mantine/core';
import { memo, type ReactNode, useEffect, useState } from 'react';
import type { DataSetIndex, Problem, Sample } from '../../rpc/protocol.ts';
import { isFixed } from '../../state/fixed-set.ts';
import { labelAddress } from '../../state/labelling/address.ts';
import { useColoursOf } from '../class-colour.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { whole } from '../numbers.ts';
import { BoxOverlay } from '../overlay/BoxOverlay.tsx';
import { StepButton } from '../StepButton.tsx';
import { useSamplePicture } from '../samples/sample-pictures.ts';
import { goTo } from '../shell/hash-location.ts';

export interface SampleDialogProps {
  readonly index: DataSetIndex;
  /** Those that the grid shows, in its order. */
  readonly samples: readonly Sample[];
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
  /** Place of the shown picture among them; null for none. */
  readonly opened: number | null;
  readonly onOpen: (place: number | null) => void;
}

/** Small pictures are shown larger than they are, but not so that they blur. */
const MOST_ENLARGED = 3;

/** One picture large, with its boxes as a list and its facts; arrow keys go to the next, Escape back to the grid. */
export const SampleDialog = memo(function SampleDialog(props: SampleDialogProps): ReactNode {
  const { index, samples, problems, opened, onOpen } = props;
  const sample = opened === null ? undefined : samples[opened];
  const last = samples.length - 1;
  // What came with the studio cannot be edited.
  const editAddress = sample === undefined || isFixed(index) ? null : labelAddress(index.id, sample.id);

  useEffect(() => {
    if (opened === null) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'ArrowLeft' && opened > 0) onOpen(opened - 1);
      else if (event.key === 'ArrowRight' && opened < last) onOpen(opened + 1);
      else if (event.key === 'e' && editAddress !== null) goTo(editAddress);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [opened, last, onOpen, editAddress]);

  return (
    <Modal
      className="sample-dialog"
      opened={sample !== undefined}
      onClose={() => onOpen(null)}
      size="min(1180px, 96vw)"
      // The grid takes the focus to the picture that was seen last.
      returnFocus={false}
      title={
        sample !== undefined &&
        opened !== null && (
          <span className="dialog-title">
            <strong>{sample.id}</strong>
            <span className="small muted">
              {whole(opened + 1)} of {whole(samples.length)}
            </span>
            <StepButton to="previous" disabled={opened === 0} onClick={() => onOpen(opened - 1)} />
            <StepButton to="next" disabled={opened === last} onClick={() => onOpen(opened + 1)} />
            {editAddress === null && <span className="small muted">The sample set is read only</span>}
            {editAddress !== null && (
              <Button
                component="a"
                href={`#${editAddress}`}
                variant="default"
                size="compact-sm"
                title="Edit boxes (e)"
                aria-keyshortcuts="e"
              >
                Edit boxes
              </Button>
            )}
          </span>
        )
      }
    >
      {sample !== undefined && (
        <Large key={sample.id} index={index} sample={sample} problems={problems.get(sample.id) ?? []} />
      )}
    </Modal>
  );
});

interface LargeProps {
  readonly index: DataSetIndex;
  readonly sample: Sample;
  readonly problems: readonly Problem[];
}

function Large({ index, sample, problems }: LargeProps): ReactNode {
  const { id, size, objects } = sample;
  const picture = useSamplePicture(index.id, id);
  const colourOf = useColoursOf(index.classes);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const boxes = numbered(objects).map(({ key, className, boxXyxyPx }) => ({
    key,
    colour: colourOf(className),
    text: className,
    boxXyxyPx,
    style: 'found' as const,
  }));
  return (
    <div className="large">
      <div className="large-picture">
        <div style={{ width: `min(100%, ${MOST_ENLARGED * size.w}px, 68vh * ${size.w / size.h})` }}>
          {picture.state === 'ready' && (
            <BoxOverlay
              url={picture.value}
              description={describe(sample)}
              size={size}
              boxes={boxes}
              highlightedKey={highlighted}
              onHighlight={setHighlighted}
              fontPx={12}
            />
          )}
          {picture.state === 'waiting' && (
            <Skeleton animate={false} radius={6} style={{ aspectRatio: `${size.w} / ${size.h}` }} />
          )}
          {picture.state === 'failed' && (
            <ErrorNote title="The picture cannot be shown" message={picture.error.message} />
          )}
        </div>
      </div>
      <div className="large-side">
        <BoxList sample={sample} classes={index.classes} highlighted={highlighted} onHighlight={setHighlighted} />
        <Facts index={index} sample={sample} />
        {problems.length > 0 && (
          <section aria-label="Problems of this picture" className="large-problems">
            <h2>Problems</h2>
            <ul>
              {problems.map(({ file, reason }) => (
                <li key={`${file} ${reason}`}>
                  <span className="muted small">{file.split('/').at(-1)}</span> {reason}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

interface BoxListProps {
  readonly sample: Sample;
  readonly classes: readonly string[];
  readonly highlighted: string | null;
  readonly onHighlight: (key: string | null) => void;
}

function BoxList({ sample: { objects, labelled }, classes, highlighted, onHighlight }: BoxListProps): ReactNode {
  const colourOf = useColoursOf(classes);
  if (!labelled) return <p className="muted">There is no annotation file for this picture: it is never trained on.</p>;
  if (objects.length === 0) return <p className="muted">No boxes: nothing of any class is in this picture.</p>;
  return (
    <table className="box-table">
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col">Size, px</th>
          <th scope="col">Marks</th>
        </tr>
      </thead>
      <tbody>
        {numbered(objects).map(({ key, className, boxXyxyPx: [x0, y0, x1, y1], ...object }) => {
          const marks = (['difficult', 'truncated', 'occluded', 'crowd'] as const).filter((mark) => object[mark]);
          return (
            <tr
              key={key}
              data-on={highlighted === key}
              onPointerEnter={() => onHighlight(key)}
              onPointerLeave={() => onHighlight(null)}
            >
              <td>
                <button type="button" onFocus={() => onHighlight(key)} onBlur={() => onHighlight(null)}>
                  <i style={{ background: colourOf(className) }} />
                  {className}
                </button>
              </td>
              <td>
                {Math.round(x1 - x0)} × {Math.round(y1 - y0)}
              </td>
              <td className="muted">{marks.join(', ')}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Facts({ index, sample: { id, size, imagePath } }: Pick<LargeProps, 'index' | 'sample'>): ReactNode {
  const splits = Object.entries(index.splits)
    .filter(([, ids]) => ids.includes(id))
    .map(([name]) => name);
  return (
    <dl className="facts">
      <dt>Size</dt>
      <dd>
        {whole(size.w)} × {whole(size.h)} px
      </dd>
      <dt>Split</dt>
      <dd>{splits.length === 0 ? 'none' : splits.join(', ')}</dd>
      <dt>File</dt>
      <dd>{imagePath}</dd>
    </dl>
  );
}

/** Boxes have no name of their own but their place. */
function numbered<Item extends object>(items: readonly Item[]): (Item & { readonly key: string })[] {
  return items.map((item, place) => ({ ...item, key: String(place) }));
}

function describe({ id, objects }: Sample): string {
  return objects.length === 0 ? `${id}: no boxes` : `${id}: ${objects.map(({ className }) => className).join(', ')}`;
}
