import { MantineProvider } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { DropTarget } from './shell/DropTarget.tsx';
import { FetchedRoom } from './shell/FetchedRoom.tsx';
import { Header } from './shell/Header.tsx';
import { useHashPath, useHashQuery } from './shell/hash-location.ts';
import { NeedsGpu } from './shell/NeedsGpu.tsx';
import { OutsideDialog } from './shell/OutsideDialog.tsx';
import { RoomBoundary } from './shell/RoomBoundary.tsx';
import { LABEL_PATH, ROOMS } from './shell/rooms.tsx';
import { Shortcuts } from './shell/Shortcuts.tsx';
import { StatusLine } from './shell/StatusLine.tsx';
import { UpdateNotice } from './shell/UpdateNotice.tsx';
import { type Studio, StudioContext } from './studio.ts';
import { cssVariables, theme } from './theme.ts';
import './app.css';
import './shell/shell.css';

const PREDICT_WITHOUT = {
  title: 'The browser offers no WebGPU: transformers.js predicts, on the processor',
  says: 'It runs the model as ONNX and finds the same, more slowly. The first picture waits until its 27 MB have come from this site.',
};

/** The studio's window: header, one of five rooms, status line. */
export function App({ studio }: { readonly studio: Studio }): ReactNode {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <StudioContext value={studio}>
        <Router hook={useHashPath} searchHook={useHashQuery}>
          <Window />
        </Router>
      </StudioContext>
    </MantineProvider>
  );
}

function Window(): ReactNode {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef<string | null>(null);
  const announcement = useRef<HTMLDivElement>(null);
  const room = path === LABEL_PATH ? 'Label' : (ROOMS.find((other) => other.path === path)?.name ?? null);
  useEffect(() => {
    if (room === null) return;
    document.title = `${room} · Detrain`;
    main.current?.scrollTo(0, 0);
    // The first room is where the page begins: focus stays with the browser, and the title is read aloud anyway.
    if (shown.current !== null && shown.current !== room) {
      if (announcement.current !== null) announcement.current.textContent = `${room} room`;
      // Whoever went by the links stays there; a button that led here is gone with its room.
      if (document.activeElement?.closest('nav') == null) main.current?.focus({ preventScroll: true });
    }
    shown.current = room;
  }, [room]);
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the room
      </button>
      <Header />
      <main className="room" ref={main} tabIndex={-1} aria-label={room ?? 'Data'}>
        <RoomBoundary room={path} name={room ?? 'Data'}>
          <Switch>
            <Route path="/data">
              <FetchedRoom path="/data" name="Data" />
            </Route>
            <Route path="/train">
              <NeedsGpu>
                <FetchedRoom path="/train" name="Train" />
              </NeedsGpu>
            </Route>
            <Route path="/evaluate">
              <NeedsGpu>
                <FetchedRoom path="/evaluate" name="Evaluate" />
              </NeedsGpu>
            </Route>
            <Route path="/predict">
              <NeedsGpu without={PREDICT_WITHOUT}>
                <FetchedRoom path="/predict" name="Predict" />
              </NeedsGpu>
            </Route>
            <Route path="/label">
              <FetchedRoom path="/label" name="Label" />
            </Route>
            <Route path="/runs">
              <FetchedRoom path="/runs" name="Runs" />
            </Route>
            <Route>
              <Redirect to="/data" replace />
            </Route>
          </Switch>
        </RoomBoundary>
      </main>
      <UpdateNotice />
      <StatusLine />
      <DropTarget />
      <Shortcuts />
      <OutsideDialog />
      <div className="only-read-aloud" aria-live="polite" ref={announcement} />
    </div>
  );
}
