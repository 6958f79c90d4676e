import { MantineProvider } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { DropTarget } from './shell/DropTarget.tsx';
import { Header } from './shell/Header.tsx';
import { ROOMS } from './shell/rooms.tsx';
import { StatusLine } from './shell/StatusLine.tsx';
import { type Studio, StudioContext } from './studio.ts';
import { cssVariables, theme } from './theme.ts';
import './app.css';

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
        <Router hook={useHashLocation}>
          <Window />
        </Router>
      </StudioContext>
    </MantineProvider>
  );
}

function Window(): ReactNode {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const room = ROOMS.find((other) => other.path === path)?.name ?? 'Data';
  useEffect(() => {
    document.title = `${room} · Detrain`;
    main.current?.scrollTo(0, 0);
  }, [room]);
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the room
      </button>
      <Header />
      <main className="room" ref={main} tabIndex={-1} aria-label={room}>
        <Suspense fallback={null}>
          <Switch>
            <Route path="/data" component={DataRoom} />
            <Route path="/train" component={TrainRoom} />
            <Route path="/evaluate" component={EvaluateRoom} />
            <Route path="/predict" component={PredictRoom} />
            <Route path="/runs" component={RunsRoom} />
            <Route>
              <Redirect to="/data" replace />
            </Route>
          </Switch>
        </Suspense>
      </main>
      <StatusLine />
      <DropTarget />
    </div>
  );
}
