import { MantineProvider } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { PredictRoom } from './predict-room/PredictRoom.tsx';
import { EmptyRoom } from './rooms/EmptyRoom.tsx';
import { DropTarget } from './shell/DropTarget.tsx';
import { Header } from './shell/Header.tsx';
import { ROOMS } from './shell/rooms.tsx';
import { StatusLine } from './shell/StatusLine.tsx';
import { type Studio, StudioContext } from './studio.ts';
import { cssVariables, theme } from './theme.ts';
import { TrainRoom } from './train-room/TrainRoom.tsx';
import './app.css';

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
  const room = ROOMS.find((other) => other.path === path)?.name ?? 'Train';
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
        <Switch>
          <Route path="/train" component={TrainRoom} />
          <Route path="/predict" component={PredictRoom} />
          <Route path="/data">
            <EmptyRoom
              path="/data"
              title="No data set of your own yet"
              text="Importing and looking through data sets is not built yet. Training uses the bundled set emoji-scenes: 400 images, 6 classes."
              to="/train"
              toText="Train on emoji-scenes"
            />
          </Route>
          <Route path="/evaluate">
            <EmptyRoom
              path="/evaluate"
              title="Nothing to evaluate yet"
              text="Tables and curves per class are not built yet. While a run goes on, Train shows its AP50 and the pictures of the last evaluation."
              to="/train"
              toText="Go to Train"
            />
          </Route>
          <Route path="/runs">
            <EmptyRoom
              path="/runs"
              title="No runs are kept yet"
              text="A run lives as long as this page is open. Download its weights in Train before you close it."
              to="/train"
              toText="Go to Train"
            />
          </Route>
          <Route>
            <Redirect to="/train" replace />
          </Route>
        </Switch>
      </main>
      <StatusLine />
      <DropTarget />
    </div>
  );
}
