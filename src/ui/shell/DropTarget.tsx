import { CloseButton, Loader } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { useDrop, useStudio } from '../studio.ts';
import { readTransfer } from './read-transfer.ts';
import './drop.css';

/**
 * Makes the whole window take data sets, weights and pictures, dropped or pasted, in every room; the room that is meant
 * is gone to, and what was not taken is told where one is.
 */
export function DropTarget(): ReactNode {
  const { drop } = useStudio();
  const [path, navigate] = useLocation();
  const isInData = path === '/data';
  const [over, setOver] = useState(false);

  useEffect(() => {
    // Entering a child counts as leaving its parent: only the balance tells whether the pointer is outside.
    let depth = 0;
    const hasFiles = (data: DataTransfer | null): data is DataTransfer => data?.types.includes('Files') ?? false;
    const take = (data: DataTransfer): void => {
      void drop.getState().take(readTransfer(data), navigate, isInData);
    };
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent): void => {
      if (hasFiles(event.dataTransfer)) event.preventDefault();
    };
    const release = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      take(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent): void => {
      if (event.clipboardData === null || event.clipboardData.files.length === 0) return;
      event.preventDefault();
      take(event.clipboardData);
    };
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('dragover', allow, { signal });
    window.addEventListener('drop', release, { signal });
    window.addEventListener('paste', paste, { signal });
    return () => listening.abort();
  }, [drop, navigate, isInData]);

  return (
    <>
      {over && <Veil isInData={isInData} />}
      <DropNotes />
    </>
  );
}

function Veil({ isInData }: { readonly isInData: boolean }): ReactNode {
  return (
    // For the pointer alone: nothing in it is said that the rooms do not say.
    <div className="drop-veil" aria-hidden="true">
      <div>
        <strong>Drop it anywhere</strong>
        <dl>
          <dt>Data set</dt>
          <dd>VOC, COCO or YOLO as a tar, tar.gz, zip or folder; shards with their index.json</dd>
          <dt>Weights</dt>
          <dd>.safetensors with its config.json, their folder or a zip</dd>
          <dt>Project</dt>
          <dd>A zip that “Save everything as a file” has made</dd>
          <dt>Pictures</dt>
          <dd>JPEG, PNG, WebP, GIF or BMP{isInData ? ', to make a set of' : ', to find objects in'}</dd>
          <dt>Without labels</dt>
          <dd>a folder of pictures, or a video, to make a set of</dd>
        </dl>
        <p className="muted">Everything stays on this computer.</p>
      </div>
    </div>
  );
}

/** So many sentences are read; of more there is only the count. */
const MOST_NOTES = 3;

function DropNotes(): ReactNode {
  const looking = useDrop((state) => state.looking);
  const refusals = useDrop((state) => state.refusals);
  const elsewhere = useDrop((state) => state.elsewhere);
  const dismiss = useDrop((state) => state.dismiss);
  const more = refusals.length - MOST_NOTES;
  const slow = useSlow(looking);

  if (slow) {
    return (
      <div className="drop-note" role="status">
        <Loader size={14} /> <p>Looking at what was dropped</p>
      </div>
    );
  }
  if (refusals.length === 0 && elsewhere === null) return null;
  return (
    <div className="drop-note" data-bad={refusals.length > 0} role={refusals.length > 0 ? 'alert' : 'status'}>
      <div>
        {refusals.length > 0 && <strong>Not taken</strong>}
        {refusals.slice(0, MOST_NOTES).map((refusal) => (
          <p key={refusal}>{refusal}</p>
        ))}
        {more > 0 && (
          <p className="muted">And {more === 1 ? '1 more file' : `${more} more files`}, for such reasons.</p>
        )}
        {elsewhere !== null && <p>{elsewhere}</p>}
      </div>
      <CloseButton size="sm" aria-label="Dismiss" onClick={dismiss} />
    </div>
  );
}

const SLOW_MS = 300;

/** True once something has taken a while, so that what is quick shows nothing. */
function useSlow(going: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!going) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [going]);
  return slow && going;
}
