import '@mantine/core/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StudioError } from './base/errors.ts';
import type { LibraryApi, PredictApi, TrainApi } from './rpc/protocol.ts';
import { spawn } from './rpc/spawn.ts';
import { createAdapterStore } from './state/adapter.ts';
import { createEvaluationStore } from './state/evaluation.ts';
import { createLibraryStore } from './state/library.ts';
import { createNetworkStore } from './state/network.ts';
import { createPredictionStore } from './state/prediction.ts';
import { createPreferencesStore } from './state/preferences.ts';
import { createRunStore } from './state/run.ts';
import { createRunsStore } from './state/runs.ts';
import { createTrainFormStore } from './state/train-form.ts';
import { App } from './ui/App.tsx';
import type { Studio } from './ui/studio.ts';

const files = spawn<LibraryApi>({
  name: 'data',
  make: () => new Worker(new URL('../workers/data.worker.ts', import.meta.url), { type: 'module', name: 'data' }),
});
const train = spawn<TrainApi>({
  name: 'training',
  make: () => new Worker(new URL('../workers/train.worker.ts', import.meta.url), { type: 'module', name: 'train' }),
});
const predict = spawn<PredictApi>({
  name: 'prediction',
  make: () => new Worker(new URL('../workers/predict.worker.ts', import.meta.url), { type: 'module', name: 'predict' }),
});

const studio: Studio = {
  files,
  library: createLibraryStore(files),
  runs: createRunsStore(files),
  adapter: createAdapterStore(() => navigator.gpu, navigator.platform),
  run: createRunStore(train),
  evaluation: createEvaluationStore(predict),
  prediction: createPredictionStore(predict),
  trainForm: createTrainFormStore(),
  preferences: createPreferencesStore(),
  network: createNetworkStore(),
};
void studio.library.getState().refresh();
void studio.adapter.getState().ask();
void studio.runs.getState().refresh();

const root = document.getElementById('root');
if (root === null) throw new StudioError('internal', 'index.html has no element #root to draw into.');
createRoot(root).render(
  <StrictMode>
    <App studio={studio} />
  </StrictMode>,
);
