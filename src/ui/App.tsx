import { MantineProvider } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { DropTarget } from './shell/DropTarget.tsx';
import { Header } from './shell/Header.tsx';
import { useHashPath, useHashQuery } from './shell/hash-location.ts';
import { NeedsGpu } from './shell/NeedsGpu.tsx';
import { OutsideDialog } from './shell/OutsideDialog.tsx';
import { RoomBoundary } from './shell/RoomBoundary.tsx';
import { ROOMS } from './shell/rooms.tsx';
import { Shortcuts } from './shell/Shortcuts.tsx';
import { StatusLine } from './shell/StatusLine.tsx';
import { UpdateNotice } from './shell/UpdateNotice.tsx';
import { type Studio, StudioContext } from './studio.ts';
import { cssVariables, theme } from './theme.ts';
import './app.css';
import './shell/shell.css';

// Each room is fetched when it is first gone to.
const DataRoom = lazy(async () => ({ default: (await import('./data-room/DataRoom.tsx')).DataRoom }));
const TrainRoom = lazy(async () => ({ default: (await import('./train-room/TrainRoom.tsx')).TrainRoom }));
const EvaluateRoom = lazy(async () => ({ default: (await import('./evaluate-room/EvaluateRoom.tsx')).EvaluateRoom }));
const PredictRoom = lazy(async () => ({ default: (await import('./predict-room/PredictRoom.tsx')).PredictRoom }));
const RunsRoom = lazy(async () => ({ default: (await import('./runs-room/RunsRoom.tsx')).RunsRoom }));

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
  const room = ROOMS.find((other) => other.path === path)?.name ?? null;
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
        <RoomBoundary room={path}>
          <Suspense fallback={<RoomComing />}>
            <Switch>
              <Route path="/data" component={DataRoom} />
              <Route path="/train">
                <NeedsGpu>
                  <TrainRoom />
                </NeedsGpu>
              </Route>
              <Route path="/evaluate">
                <NeedsGpu>
                  <EvaluateRoom />
                </NeedsGpu>
              </Route>
              <Route path="/predict">
                <NeedsGpu>
                  <PredictRoom />
                </NeedsGpu>
              </Route>
              <Route path="/runs" component={RunsRoom} />
              <Route>
                <Redirect to="/data" replace />
              </Route>
            </Switch>
          </Suspense>
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

/** Said only where a room takes so long that one would wonder: nothing flashes. */
function RoomComing(): ReactNode {
  return <p className="room-coming muted">Fetching this room</p>;
}
