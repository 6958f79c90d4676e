import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useSearch } from 'wouter';
import { labelAddress } from '../../state/labelling/address.ts';
import { createStageStore } from '../../state/labelling/stage.ts';
import { shownSample } from '../../state/labelling/state.ts';
import { useSamplePicture } from '../samples/sample-pictures.ts';
import { goTo } from '../shell/hash-location.ts';
import { LABEL_PATH } from '../shell/rooms.tsx';
import { splitHash } from '../shell/split-hash.ts';
import { useStudio } from '../studio.ts';
import { AccessNote } from './AccessNote.tsx';
import { BoxList } from './BoxList.tsx';
import { ClassList } from './ClassList.tsx';
import { LabelHead } from './LabelHead.tsx';
import { StageContext, useLabelling } from './label-context.ts';
import { PictureStrip } from './PictureStrip.tsx';
import { ProposalsPanel } from './ProposalsPanel.tsx';
import { Stage } from './Stage.tsx';
import { StageNote } from './StageNote.tsx';
import { Tools } from './Tools.tsx';
import { useLabelKeys } from './use-label-keys.ts';
import { useProposals } from './use-proposals.ts';
import './label-lists.css';
import './label.css';

export interface LabelRoomProps {
  /** Offers to copy a set that cannot be edited, and to go on in the copy. */
  readonly onCopyAndEdit?: (dataSetId: string) => void;
}

/** The address changes no more often: browsers hold back a page that does. */
const ADDRESS_MS = 120;

/** The editor of a set's boxes: a room without a link of its own, reached from wherever a picture is shown. */
export function LabelRoom({ onCopyAndEdit }: LabelRoomProps): ReactNode {
  const { labelling, library } = useStudio();
  const query = new URLSearchParams(useSearch());
  const setId = query.get('set');
  const wantedId = query.get('picture');
  const back = query.get('back') ?? '/data';
  const [stage] = useState(() => createStageStore(labelling));
  const stageElement = useRef<HTMLDivElement>(null);
  const isSpaceDown = useRef(false);
  const findClass = useRef<HTMLInputElement>(null);
  const [part, setPart] = useState<Part>('classes');
  const onFindClass = useCallback(() => {
    // On a narrow screen the list is drawn first; at once, or the first letters that are typed would be keys of the editor.
    flushSync(() => setPart('classes'));
    findClass.current?.focus();
  }, []);
  useLabelKeys(
    labelling,
    stage,
    useMemo(() => ({ stageElement, isSpaceDown, onFindClass }), [onFindClass]),
  );

  const isClassWaited = useLabelling((state) => state.classless !== null);
  useEffect(() => {
    if (!isClassWaited) return;
    // A box waits for the name of its class: letters are no keys of the editor then.
    setPart('classes');
    const frame = requestAnimationFrame(() => findClass.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [isClassWaited]);

  // The picture that the address names where another set is opened.
  const first = useRef(wantedId);
  first.current = wantedId;
  useEffect(() => {
    if (setId === null) return;
    // Where Back leads to the Data room, it shows this set.
    library.getState().choose(setId);
    void labelling.getState().open(setId, first.current);
    return () => void labelling.getState().leave();
  }, [labelling, library, setId]);
  useEffect(() => {
    // An address that was changed by hand, or by going back.
    if (wantedId !== null && labelling.getState().phase === 'ready') labelling.getState().goTo(wantedId);
  }, [labelling, wantedId]);

  const phase = useLabelling((state) => state.phase);
  const error = useLabelling((state) => state.error);
  const sample = useLabelling(shownSample);
  const sampleId = sample?.id ?? null;
  const address = setId === null || sampleId === null ? null : labelAddress(setId, sampleId, query.get('back'));
  useFollowingAddress(address);

  const isReady = phase === 'ready';
  useEffect(() => {
    // After the room has been given the focus.
    if (!isReady) return;
    const frame = requestAnimationFrame(() => stageElement.current?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(frame);
  }, [isReady]);
  useUnsavedWarning();

  const proposals = useProposals(sampleId);
  useEffect(() => labelling.getState().propose(proposals), [labelling, proposals]);

  if (setId === null) {
    return (
      <Nothing title="No data set is named" message="Open a picture in the Data room, and choose Edit boxes there." />
    );
  }
  if (phase === 'failed') {
    return (
      <Nothing title="The labels cannot be edited" message={error?.message ?? ''}>
        <Button variant="default" onClick={() => void labelling.getState().open(setId, wantedId)}>
          Try again
        </Button>
      </Nothing>
    );
  }
  if (isReady && sample === undefined) {
    return (
      <Nothing
        title="This set has no pictures"
        message="There is nothing to label yet. Add pictures to it in the Data room."
      />
    );
  }
  return (
    <StageContext value={stage}>
      <div className="label-room" data-part={part} aria-busy={!isReady}>
        <LabelHead back={back} />
        <Tools />
        <div className="label-main">
          <Stage dataSetId={setId} element={stageElement} isSpaceDown={isSpaceDown} />
          <StageNote />
          <AccessNote onCopyAndEdit={onCopyAndEdit === undefined ? null : () => onCopyAndEdit(setId)} />
        </div>
        <PartChoice part={part} onPart={setPart} />
        <div className="label-side">
          <ClassList input={findClass} stageElement={stageElement} />
          <ProposalsPanel />
          <div className="label-boxes">
            <BoxList />
          </div>
        </div>
        <PictureStrip dataSetId={setId} />
        <Said />
        {isReady && <Neighbours dataSetId={setId} />}
      </div>
    </StageContext>
  );
}

/** The address names the picture that is shown, so that a reload comes back to it. */
function useFollowingAddress(address: string | null): void {
  const changedAtMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (address === null) return;
    const waitMs = Math.max(0, changedAtMs.current + ADDRESS_MS - performance.now());
    const timer = setTimeout(() => {
      // Another address was gone to meanwhile, and the page has not heard of it yet.
      if (setOf(window.location.hash) !== setOf(address)) return;
      changedAtMs.current = performance.now();
      goTo(address, { replace: true });
    }, waitMs);
    return () => clearTimeout(timer);
  }, [address]);
}

/** The set that an address of the editor names; null for an address of another room. */
function setOf(address: string): string | null {
  const { path, query } = splitHash(address);
  return path === LABEL_PATH ? new URLSearchParams(query).get('set') : null;
}

const PARTS = ['classes', 'boxes', 'suggestions', 'pictures'] as const;
type Part = (typeof PARTS)[number];
const PART_NAMES: Record<Part, string> = {
  classes: 'Classes',
  boxes: 'Boxes',
  suggestions: 'Suggestions',
  pictures: 'Pictures',
};

/** On a narrow screen: which of the lists is shown. */
function PartChoice({ part, onPart }: { readonly part: Part; readonly onPart: (part: Part) => void }): ReactNode {
  return (
    <fieldset className="label-parts" aria-label="List below the picture">
      {PARTS.map((other) => (
        <button
          key={other}
          type="button"
          className="label-part"
          aria-pressed={part === other}
          onClick={() => onPart(other)}
        >
          {PART_NAMES[other]}
        </button>
      ))}
    </fieldset>
  );
}

/** Tells screen readers what was done. */
function Said(): ReactNode {
  const { text, count } = useLabelling((state) => state.said);
  return (
    <p className="only-read-aloud" aria-live="polite">
      {/* The same words again are a change only as another element. */}
      <span key={count}>{text}</span>
    </p>
  );
}

/** Keeps the pictures before and after the shown one at hand. */
function Neighbours({ dataSetId }: { readonly dataSetId: string }): ReactNode {
  const before = useLabelling(({ samples, at }) => samples[at - 1]?.id);
  const after = useLabelling(({ samples, at }) => samples[at + 1]?.id);
  return (
    <>
      {after !== undefined && <AtHand key={after} dataSetId={dataSetId} sampleId={after} />}
      {before !== undefined && <AtHand key={before} dataSetId={dataSetId} sampleId={before} />}
    </>
  );
}

function AtHand({ dataSetId, sampleId }: { readonly dataSetId: string; readonly sampleId: string }): ReactNode {
  useSamplePicture(dataSetId, sampleId);
  return null;
}

/** Asks before the page goes while something is not kept yet. */
function useUnsavedWarning(): void {
  const isUnsaved = useLabelling((state) => state.saving.waiting > 0);
  useEffect(() => {
    if (!isUnsaved) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isUnsaved]);
}

interface NothingProps {
  readonly title: string;
  readonly message: string;
  readonly children?: ReactNode;
}

function Nothing({ title, message, children }: NothingProps): ReactNode {
  return (
    <div className="calm">
      <h1>{title}</h1>
      <p>{message}</p>
      {children}
      <Button component="a" href="#/data" variant="default">
        Go to Data
      </Button>
    </div>
  );
}
