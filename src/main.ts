import { StudioError } from './base/errors.ts';
import { openStudio } from './open-studio.ts';
import { studioServiceWorker } from './platform/browser/service-worker.ts';
import { hearOutdated } from './rpc/outdated.ts';
import { answerOutside, watchOutside } from './rpc/outside.ts';
import type { LibraryApi, PredictApi, TrainApi } from './rpc/protocol.ts';
import { spawn } from './rpc/spawn.ts';
import { createNetworkStore } from './state/network.ts';
import { createUpdateStore } from './state/update.ts';
import { fetchRoomOf } from './ui/shell/room-code.ts';

const network = createNetworkStore();
const update = createUpdateStore(() => version.takeOver());
const version = studioServiceWorker(
  // A development build has none.
  import.meta.env.PROD ? new URL('./service.worker.js', document.baseURI) : null,
  { onWaiting: update.getState().found, onReplaced: update.getState().wentStale },
);

/** The page hears of each request that a worker makes beyond this site, and asks the user before the data worker makes one. */
function heard(worker: Worker, name: string): Worker {
  const { asked, mayAsk } = network.getState();
  answerOutside(worker, { onAsked: (url) => asked(url, name), mayAsk });
  hearOutdated(worker, update.getState().wentStale);
  return worker;
}
watchOutside(window.location.origin, (url) => network.getState().asked(url, 'page'));

const files = spawn<LibraryApi>({
  name: 'data',
  make: () =>
    heard(new Worker(new URL('../workers/data.worker.ts', import.meta.url), { type: 'module', name: 'data' }), 'data'),
});
const train = spawn<TrainApi>({
  name: 'training',
  make: () =>
    heard(
      new Worker(new URL('../workers/train.worker.ts', import.meta.url), { type: 'module', name: 'train' }),
      'training',
    ),
});
const predict = spawn<PredictApi>({
  name: 'prediction',
  make: () =>
    heard(
      new Worker(new URL('../workers/predict.worker.ts', import.meta.url), { type: 'module', name: 'predict' }),
      'prediction',
    ),
});

// By hand or by a test: what follows when the graphics card goes away.
if (import.meta.env.DEV) Object.assign(globalThis, { detrainLoseDevice: () => train.loseDevice() });

const studio = openStudio({ files, train, predict, network, update });
const unsubscribe = studio.library.subscribe(({ sets, error }) => {
  if (sets === null && error === null) return;
  unsubscribe();
  version.register();
});

const root = document.getElementById('root');
if (root === null) throw new StudioError('internal', 'index.html has no element #root to draw into.');
// The data worker starts and the first list is asked for while what draws it is on its way. Not awaited at the top level:
// what draws shares code with this file, and would wait for it in turn. Its styles come before those of the room, which
// change them.
void import('./ui/show-studio.tsx').then(({ showStudio }) => showStudio(studio, root));
fetchRoomOf(window.location.hash);
