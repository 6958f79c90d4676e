import '../../src/ui/mantine-styles.ts';
import { createRoot } from 'react-dom/client';
import { openStudio } from '../../src/open-studio.ts';
import type { LibraryApi, PredictApi, TrainApi } from '../../src/rpc/protocol.ts';
import { spawn } from '../../src/rpc/spawn.ts';
import { createNetworkStore } from '../../src/state/network.ts';
import { createUpdateStore } from '../../src/state/update.ts';
import { App } from '../../src/ui/App.tsx';

declare global {
  interface Window {
    /** Messages from the training worker to the page so far. */
    trainMessages: number;
  }
}

/** The studio as it is, but for its trainer, which tells of steps that nobody computed, many a second. */
window.trainMessages = 0;

const train = spawn<TrainApi>({
  name: 'training',
  make: () => new Worker(new URL('./scripted-train.worker.ts', import.meta.url), { type: 'module' }),
});
const counted: TrainApi = new Proxy(train, {
  get: (target, method) =>
    method === 'start'
      ? (...[request, onEvents]: Parameters<TrainApi['start']>) =>
          train.start(request, (events) => {
            window.trainMessages += 1;
            onEvents(events);
          })
      : Reflect.get(target, method),
});

const root = document.getElementById('root');
if (root === null) throw new Error('long-run.html has no element #root.');
createRoot(root).render(
  <App
    studio={openStudio({
      files: spawn<LibraryApi>({
        name: 'data',
        make: () => new Worker(new URL('../../workers/data.worker.ts', import.meta.url), { type: 'module' }),
      }),
      train: counted,
      predict: spawn<PredictApi>({
        name: 'prediction',
        make: () => new Worker(new URL('../../workers/predict.worker.ts', import.meta.url), { type: 'module' }),
      }),
      network: createNetworkStore(),
      update: createUpdateStore(() => {}),
    })}
  />,
);
