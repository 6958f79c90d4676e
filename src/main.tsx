import '@mantine/core/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StudioError } from './base/errors.ts';
import type { PredictApi, TrainApi } from './rpc/protocol.ts';
import { spawn } from './rpc/spawn.ts';
import { createAdapterStore } from './state/adapter.ts';
import { createPredictionStore } from './state/prediction.ts';
import { createPreferencesStore } from './state/preferences.ts';
import { createRunStore } from './state/run.ts';
import { createTrainFormStore } from './state/train-form.ts';
import { App } from './ui/App.tsx';

const train = spawn<TrainApi>({
  name: 'training',
  make: () => new Worker(new URL('../workers/train.worker.ts', import.meta.url), { type: 'module', name: 'train' }),
});
const predict = spawn<PredictApi>({
  name: 'prediction',
  make: () => new Worker(new URL('../workers/predict.worker.ts', import.meta.url), { type: 'module', name: 'predict' }),
});

const adapter = createAdapterStore(train);
const studio = {
  adapter,
  run: createRunStore(train),
  prediction: createPredictionStore(predict),
  trainForm: createTrainFormStore(),
  preferences: createPreferencesStore(),
};
void adapter.getState().ask();

const root = document.getElementById('root');
if (root === null) throw new StudioError('internal', 'index.html has no element #root to draw into.');
createRoot(root).render(
  <StrictMode>
    <App studio={studio} />
  </StrictMode>,
);
