import { Button, Modal } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import type { EvalPicture } from '../../rpc/protocol.ts';
import { labelAddress } from '../../state/labelling/address.ts';
import { type ClassColour, useClassColour } from '../class-colour.ts';
import { fixed, whole } from '../numbers.ts';
import { BoxOverlay, type OverlayBox } from '../overlay/BoxOverlay.tsx';
import { useSamplePicture } from '../samples/sample-pictures.ts';
import { useEvaluation, useLibrary, useStudio } from '../studio.ts';

export interface OpenedPictureProps {
  /** Those that stand behind, in their order. */
  readonly pictures: readonly EvalPicture[];
  readonly openedId: string;
  /** Where the opened one is no longer among those behind, at another confidence, it is looked up here. */
  readonly all: readonly EvalPicture[];
  readonly classes: readonly string[];
  readonly dataSetId: string;
  readonly confidence: number;
}

/** One picture large, with what was found and what is there as lists; arrows go to the next. */
export function OpenedPicture(props: OpenedPictureProps): ReactNode {
  const { pictures, openedId, all, classes, dataSetId, confidence } = props;
  const { library } = useStudio();
  const [, navigate] = useLocation();
  const open = useEvaluation((state) => state.open);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const held = useSamplePicture(dataSetId, openedId);
  const colourOf = useClassColour();
  const at = pictures.findIndex(({ sampleId }) => sampleId === openedId);
  const picture = pictures[at] ?? all.find(({ sampleId }) => sampleId === openedId);
  const now = useLibrary((state) => state.indexes[dataSetId]?.samples.find(({ id }) => id === openedId));
  if (picture === undefined) return null;

  const isMended = now !== undefined && !isSameTruth(now.objects, picture.truth);
  const before = at > 0 ? pictures[at - 1] : undefined;
  const after = at >= 0 ? pictures[at + 1] : undefined;
  const go = (to: EvalPicture | undefined): void => {
    if (to === undefined) return;
    setHighlighted(null);
    open(to.sampleId);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowRight: after, ArrowLeft: before }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const boxes = boxesOf(picture, classes, confidence, colourOf);
  const { h, w } = picture.size;

  return (
    <Modal opened onClose={() => open(null)} size="min(1080px, 94vw)" onKeyDown={onKeyDown} title={openedId}>
      <div className="opened">
        <div
          className="opened-picture"
          style={{ aspectRatio: `${w} / ${h}`, width: `min(100%, 62vh * ${w / h}, ${Math.max(3 * w, 480)}px)` }}
        >
          {held.state === 'ready' && (
            <BoxOverlay
              url={held.value}
              description={`${openedId}, ${whole(w)} x ${whole(h)} pixels`}
              size={picture.size}
              boxes={boxes}
              highlightedKey={highlighted}
              onHighlight={setHighlighted}
              fontPx={12}
            />
          )}
          {held.state === 'failed' && <p className="muted small">This picture cannot be shown: {held.error.message}</p>}
        </div>
        <div className="opened-lists">
          <BoxList
            title="Found"
            none="nothing at this confidence"
            boxes={boxes.filter(({ style }) => style === 'found')}
            highlighted={highlighted}
            onHighlight={setHighlighted}
          />
          <BoxList
            title="There"
            none="nothing"
            boxes={boxes.filter(({ style }) => style === 'truth')}
            highlighted={highlighted}
            onHighlight={setHighlighted}
          />
        </div>
        <div className="opened-buttons">
          <Button variant="default" size="compact-md" disabled={before === undefined} onClick={() => go(before)}>
            Previous
          </Button>
          <Button variant="default" size="compact-md" disabled={after === undefined} onClick={() => go(after)}>
            Next
          </Button>
          <span className="small muted">{at < 0 ? '' : `${whole(at + 1)} of ${whole(pictures.length)}`}</span>
          {isMended && (
            <span className="small muted" role="status">
              Its labels were changed since this evaluation
            </span>
          )}
          <Button component="a" size="compact-md" ml="auto" href={`#${labelAddress(dataSetId, openedId, '/evaluate')}`}>
            Mend the label
          </Button>
          <Button
            variant="subtle"
            size="compact-md"
            onClick={() => {
              open(null);
              library.getState().choose(dataSetId);
              navigate('/data');
            }}
          >
            Open the set in Data
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** Whether boxes and classes are the same, whatever else is said of the boxes. */
function isSameTruth(a: EvalPicture['truth'], b: EvalPicture['truth']): boolean {
  const text = (objects: EvalPicture['truth']): string =>
    objects.map(({ className, boxXyxyPx }) => `${className} ${boxXyxyPx.join(' ')}`).join('\n');
  return text(a) === text(b);
}

interface ListedBox extends OverlayBox {
  readonly words: string;
}

function boxesOf(
  picture: EvalPicture,
  classes: readonly string[],
  confidence: number,
  colourOf: ClassColour,
): ListedBox[] {
  const found = picture.detections
    .filter(({ score }) => score >= confidence)
    .map(({ label, labelId, score, boxXyxyPx }, index): ListedBox => {
      const words = `${label} ${fixed(score, 2)}`;
      return { key: `found ${index}`, colour: colourOf(label, labelId), text: words, boxXyxyPx, style: 'found', words };
    });
  const truth = picture.truth.map(({ className, boxXyxyPx, difficult }, index): ListedBox => {
    const labelId = Math.max(0, classes.indexOf(className));
    const words = difficult ? `${className}, difficult` : className;
    return { key: `truth ${index}`, colour: colourOf(className, labelId), text: '', boxXyxyPx, style: 'truth', words };
  });
  return [...found, ...truth];
}

interface BoxListProps {
  readonly title: string;
  readonly none: string;
  readonly boxes: readonly ListedBox[];
  readonly highlighted: string | null;
  readonly onHighlight: (key: string | null) => void;
}

function BoxList({ title, none, boxes, highlighted, onHighlight }: BoxListProps): ReactNode {
  return (
    <section className="opened-list">
      <h3>
        {title} <span className="muted">{boxes.length}</span>
      </h3>
      {boxes.length === 0 ? (
        <p className="small muted">{none}</p>
      ) : (
        <ul>
          {boxes.map(({ key, colour, words }) => (
            <li key={key}>
              <button
                type="button"
                data-on={highlighted === key}
                title={words}
                onPointerEnter={() => onHighlight(key)}
                onPointerLeave={() => onHighlight(null)}
                onFocus={() => onHighlight(key)}
                onBlur={() => onHighlight(null)}
              >
                <i style={{ background: colour }} />
                <span className="opened-words">{words}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
