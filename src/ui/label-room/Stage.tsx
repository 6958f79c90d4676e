import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { StoreApi } from 'zustand';
import { markWords } from '../../state/labelling/labels.ts';
import type { StageState } from '../../state/labelling/stage.ts';
import { shownSample } from '../../state/labelling/state.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useSamplePicture } from '../samples/sample-pictures.ts';
import { BoxLayer } from './BoxLayer.tsx';
import { DragLayer } from './DragLayer.tsx';
import { LabelLayer } from './LabelLayer.tsx';
import { useLabelling, useStage, useStageStore } from './label-context.ts';
import { Magnifier } from './Magnifier.tsx';
import { usePointers } from './use-pointers.ts';

export interface StageProps {
  readonly dataSetId: string;
  readonly element: RefObject<HTMLDivElement | null>;
  readonly isSpaceDown: RefObject<boolean>;
}

/** The picture that is labelled, with its boxes: drawn on by mouse, touch, pen and keyboard. */
export function Stage({ dataSetId, element, isSpaceDown }: StageProps): ReactNode {
  const stage = useStageStore();
  const sample = useLabelling(shownSample);
  const mayEdit = useLabelling((state) => state.access === 'editing');
  const drawing = useStage((state) => state.drawing);
  usePointers(element, stage, isSpaceDown);
  useRoomSize(element, stage);
  const id = sample?.id;
  useLayoutEffect(() => {
    if (id !== undefined) stage.getState().showPicture();
  }, [stage, id]);

  const what = sample === undefined ? 'No picture' : `${sample.id}: ${markWords(sample)}`;
  return (
    <div
      ref={element}
      className="label-stage"
      data-editing={mayEdit}
      data-drawing={drawing}
      // Arrow keys, Tab and letters are the editor's own in here; ? lists them.
      role="application"
      aria-label={`${what}. Boxes are drawn and moved here; ? lists the keys.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus, for its keys.
      tabIndex={0}
    >
      {sample !== undefined && <ShownPicture dataSetId={dataSetId} sampleId={sample.id} stageElement={element} />}
    </div>
  );
}

interface ShownPictureProps {
  readonly dataSetId: string;
  readonly sampleId: string;
  readonly stageElement: RefObject<HTMLDivElement | null>;
}

function ShownPicture({ dataSetId, sampleId, stageElement }: ShownPictureProps): ReactNode {
  const sample = useLabelling(shownSample);
  const view = useStage((state) => state.view);
  const hidden = useStage((state) => state.hidden);
  const picture = useSamplePicture(dataSetId, sampleId);
  const image = useRef<HTMLImageElement>(null);
  const [undecodable, setUndecodable] = useState<string | null>(null);
  if (sample === undefined) return null;
  const { size } = sample;
  const viewBox = `0 0 ${size.w} ${size.h}`;
  const failure =
    picture.state === 'failed'
      ? picture.error.message
      : undecodable === sampleId
        ? 'The browser cannot decode this picture; it is damaged.'
        : null;
  return (
    <>
      <div
        className="label-picture"
        style={{
          width: size.w * view.scale,
          height: size.h * view.scale,
          transform: `translate(${view.x}px, ${view.y}px)`,
        }}
        data-waiting={picture.state === 'waiting'}
      >
        {picture.state === 'ready' && (
          <img
            ref={image}
            src={picture.value}
            alt=""
            draggable={false}
            data-blocks={view.scale >= 6}
            onError={() => setUndecodable(sampleId)}
          />
        )}
        {!hidden && (
          <>
            <svg className="label-still" viewBox={viewBox} preserveAspectRatio="none" aria-hidden="true">
              <BoxLayer />
            </svg>
            <svg viewBox={viewBox} preserveAspectRatio="none" aria-hidden="true">
              <DragLayer />
            </svg>
            <LabelLayer />
          </>
        )}
      </div>
      {failure !== null && (
        <div className="label-failed">
          <ErrorNote title="The picture cannot be shown" message={failure} />
        </div>
      )}
      <Guides stageElement={stageElement} />
      <Magnifier image={image} />
    </>
  );
}

/** Lines through the pointer, or the keyboard's cursor, over the whole stage. They follow without a drawing of React's. */
function Guides({ stageElement }: { readonly stageElement: RefObject<HTMLDivElement | null> }): ReactNode {
  const across = useRef<HTMLDivElement>(null);
  const down = useRef<HTMLDivElement>(null);
  const drawing = useStage((state) => state.drawing);
  const cursor = useStage((state) => state.cursor);
  const view = useStage((state) => state.view);
  const mayEdit = useLabelling((state) => state.access === 'editing');

  useEffect(() => {
    const element = stageElement.current;
    if (element === null || !mayEdit) return;
    const show = (x: number, y: number): void => {
      if (across.current !== null) across.current.style.transform = `translateY(${y}px)`;
      if (down.current !== null) down.current.style.transform = `translateX(${x}px)`;
    };
    const move = ({ clientX, clientY, pointerType }: PointerEvent): void => {
      const { left, top } = element.getBoundingClientRect();
      show(clientX - left, clientY - top);
      element.dataset.guides = pointerType === 'touch' ? 'off' : 'on';
    };
    const leave = (): void => {
      element.dataset.guides = 'off';
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerleave', leave);
    };
  }, [stageElement, mayEdit]);

  const atX = drawing && cursor !== null ? cursor.x * view.scale + view.x : null;
  const atY = drawing && cursor !== null ? cursor.y * view.scale + view.y : null;
  useLayoutEffect(() => {
    if (atX === null || atY === null || stageElement.current === null) return;
    if (across.current !== null) across.current.style.transform = `translateY(${atY}px)`;
    if (down.current !== null) down.current.style.transform = `translateX(${atX}px)`;
    stageElement.current.dataset.guides = 'on';
  }, [atX, atY, stageElement]);

  return (
    <>
      <div ref={across} className="label-guide label-guide-across" aria-hidden="true" />
      <div ref={down} className="label-guide label-guide-down" aria-hidden="true" />
    </>
  );
}

function useRoomSize(element: RefObject<HTMLDivElement | null>, stage: StoreApi<StageState>): void {
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const measure = (): void => stage.getState().setRoom({ h: target.clientHeight, w: target.clientWidth });
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(target);
    return () => watcher.disconnect();
  }, [element, stage]);
}
