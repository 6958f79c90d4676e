import { Button, Modal, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { DataSetIndex, DataSetSummary, TrainSettings } from '../../rpc/protocol.ts';
import { StepButton } from '../StepButton.tsx';
import { usePictureViews } from '../samples/sample-pictures.ts';
import { useLibrary } from '../studio.ts';
import { AUGMENT_TEXT } from './fields.ts';
import { SeenPicture } from './SeenPicture.tsx';

const EPOCHS = 6;

export interface PictureViewsDialogProps {
  readonly set: DataSetSummary;
  /** The name of its train split. */
  readonly split: string;
  readonly settings: TrainSettings;
  /** The picture that is looked at; null for none. */
  readonly sampleId: string | null;
  readonly onLook: (sampleId: string | null) => void;
}

/** What training would get of one picture: its views in the first epochs, with the boxes; arrows go to the next picture, r draws anew. */
export function PictureViewsDialog(props: PictureViewsDialogProps): ReactNode {
  const { set, sampleId, onLook } = props;
  const index = useLibrary((state) => state.indexes[set.id]);
  const openIndex = useLibrary((state) => state.openIndex);
  const isOpen = sampleId !== null;
  useEffect(() => {
    if (isOpen) void openIndex(set.id);
  }, [isOpen, openIndex, set.id]);
  return (
    <Modal
      className="views-dialog"
      opened={isOpen}
      onClose={() => onLook(null)}
      size="min(980px, 96vw)"
      title="What training gets of a picture"
    >
      {sampleId !== null && index !== undefined && <Views {...props} index={index} sampleId={sampleId} />}
    </Modal>
  );
}

interface ViewsProps extends PictureViewsDialogProps {
  readonly index: DataSetIndex;
  readonly sampleId: string;
}

function Views({ set, index, split, settings, sampleId, onLook }: ViewsProps): ReactNode {
  const { augment, size, freezeBackbone, views: frozenViews } = settings;
  const [seed, setSeed] = useState(settings.seed);
  const held = usePictureViews(set, {
    ...{ sampleId, split, count: EPOCHS, augment, size, seed },
    frozenViews: freezeBackbone ? frozenViews : null,
  });
  const place = index.samples.findIndex(({ id }) => id === sampleId);
  const previous = index.samples[place - 1]?.id;
  const next = index.samples[place + 1]?.id;

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
      if (event.key === 'ArrowLeft' && previous !== undefined) onLook(previous);
      else if (event.key === 'ArrowRight' && next !== undefined) onLook(next);
      else if (event.key === 'r') setSeed((now) => now + 1);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [previous, next, onLook]);

  const how = freezeBackbone
    ? `its ${frozenViews} views, of which features are kept`
    : `one view an epoch, ${AUGMENT_TEXT.views[augment]}`;
  return (
    <>
      <div className="views-bar">
        <StepButton
          to="previous"
          disabled={previous === undefined}
          onClick={() => previous !== undefined && onLook(previous)}
        />
        <PictureField key={sampleId} index={index} sampleId={sampleId} onLook={onLook} />
        <StepButton to="next" disabled={next === undefined} onClick={() => next !== undefined && onLook(next)} />
        <span className="small muted">{how}</span>
        <Button variant="default" size="compact-sm" onClick={() => setSeed(seed + 1)} aria-keyshortcuts="r">
          Draw anew <kbd>r</kbd>
        </Button>
        <span className="small muted views-seed" role="status">
          seed {seed}
          {seed === settings.seed ? ', the run’s' : ''}
        </span>
      </div>
      <div className="views-grid" aria-busy={held.state === 'waiting'}>
        {held.state === 'ready' &&
          held.value.map((view) => <SeenPicture key={view.drawn} view={view} classes={index.classes} fontPx={11} />)}
        {held.state === 'failed' && <p className="small muted">{held.error.message}</p>}
      </div>
    </>
  );
}

interface PictureFieldProps {
  readonly index: DataSetIndex;
  readonly sampleId: string;
  readonly onLook: (sampleId: string) => void;
}

/** The picture's name, to be typed over: Enter goes to the first whose name holds the text. */
function PictureField({ index, sampleId, onLook }: PictureFieldProps): ReactNode {
  const [text, setText] = useState(sampleId);
  const [isMissing, setMissing] = useState(false);
  return (
    <TextInput
      size="xs"
      aria-label="Picture"
      value={text}
      error={isMissing ? 'No picture has that in its name.' : false}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        setMissing(false);
      }}
      onKeyDown={({ key }) => {
        if (key !== 'Enter') return;
        const wanted = text.trim().toLowerCase();
        const found = index.samples.find(({ id }) => id.toLowerCase().includes(wanted));
        if (found === undefined) setMissing(true);
        else onLook(found.id);
      }}
    />
  );
}
