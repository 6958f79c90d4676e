import { Button, Progress } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { toStudioError } from '../../base/errors.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { whole } from '../numbers.ts';
import { EverySeconds } from './EverySeconds.tsx';
import { frameOf } from './frame-of.ts';
import { frameCount, framesEvery, lengthOf } from './video-frames.ts';
import './capture.css';

export interface VideoViewProps {
  readonly file: File;
  /** Hears of each frame, and when in the video it is. */
  readonly onFrame: (picture: Blob, atSeconds: number) => void;
  readonly onDone: () => void;
  readonly doneLabel: string;
}

/** A video of which frames are taken: the one that is shown, by a key, or one every so many seconds. */
export function VideoView({ file, onFrame, onDone, doneLabel }: VideoViewProps): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const [ready, setReady] = useState(false);
  const [taken, setTaken] = useState(0);
  const [fault, setFault] = useState<string | null>(null);
  const [going, setGoing] = useState<{ readonly done: number; readonly of: number } | null>(null);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  const hear = useRef(onFrame);
  hear.current = onFrame;
  const give = useCallback((picture: Blob, atSeconds: number): void => {
    setTaken((before) => before + 1);
    hear.current(picture, atSeconds);
  }, []);
  const takeThis = useCallback(async (): Promise<void> => {
    const shown = video.current;
    if (shown === null || shown.videoWidth === 0) return;
    const atSeconds = shown.currentTime;
    try {
      give(await frameOf(shown), atSeconds);
    } catch (thrown) {
      setFault(toStudioError(thrown).message);
    }
  }, [give]);
  const takeAll = async (everySeconds: number | null): Promise<void> => {
    stopping.current?.abort();
    const shown = video.current;
    if (everySeconds === null || shown === null) return;
    const mine = new AbortController();
    stopping.current = mine;
    try {
      let done = 0;
      const of = frameCount(await lengthOf(shown, mine.signal), everySeconds);
      setGoing({ done, of });
      for await (const { picture, atSeconds } of framesEvery(shown, everySeconds, mine.signal)) {
        give(picture, atSeconds);
        done += 1;
        setGoing({ done, of });
      }
    } catch (thrown) {
      if (!mine.signal.aborted) setFault(toStudioError(thrown).message);
    }
    setGoing(null);
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'f' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      void takeThis();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [takeThis]);

  const done = (
    <Button variant="default" onClick={onDone}>
      {doneLabel}
    </Button>
  );
  if (fault !== null) {
    return (
      <ErrorNote title="No frame of the video" message={fault}>
        {taken > 0 && <div className="note-buttons">{done}</div>}
      </ErrorNote>
    );
  }
  return (
    <div className="camera">
      <video
        ref={video}
        src={url}
        controls
        muted
        playsInline
        preload="auto"
        aria-label={`The video ${file.name}`}
        onLoadedData={({ currentTarget }) => {
          if (currentTarget.videoWidth > 0) setReady(true);
          else setFault(`"${file.name}" has sound alone and no picture. Choose a video.`);
        }}
        onError={() => setFault(undecodable(file.name))}
      />
      {going !== null && (
        <Progress value={(100 * going.done) / going.of} aria-label="Frames taken" transitionDuration={0} />
      )}
      <div className="camera-buttons">
        <Button
          data-autofocus
          disabled={!ready || going !== null}
          onClick={() => void takeThis()}
          aria-keyshortcuts="f"
        >
          Take this frame (f)
        </Button>
        <EverySeconds
          going={going !== null}
          disabled={!ready}
          onChange={(everySeconds) => void takeAll(everySeconds)}
        />
        {done}
        <span className="muted small" role="status">
          {statusText(ready, taken, going)}
        </span>
      </div>
    </div>
  );
}

function undecodable(name: string): string {
  return `This browser cannot decode "${name}": it is damaged, or of a kind that is not played here. Convert it to MP4 (H.264) or WebM, or save its frames as pictures.`;
}

function statusText(
  ready: boolean,
  taken: number,
  going: { readonly done: number; readonly of: number } | null,
): string {
  if (!ready) return 'Loads the video.';
  if (going !== null) return `Frame ${whole(going.done)} of ${whole(going.of)}.`;
  if (taken === 0) return 'Frames stay on this computer.';
  return taken === 1 ? '1 frame taken.' : `${whole(taken)} frames taken.`;
}
