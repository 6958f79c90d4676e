import type { RunSummary, TrainSettings } from '../rpc/protocol.ts';

const SETTINGS: TrainSettings = {
  recipe: null,
  steps: 400,
  batch: 8,
  size: 160,
  lr: 2e-4,
  lrBackbone: 2e-5,
  weightDecay: 1e-4,
  clip: 0.1,
  dropout: 0,
  schedule: 'constant',
  warmupSteps: 0,
  lrDrop: null,
  headSteps: 0,
  freezeBackbone: false,
  freezeEncoder: false,
  recompute: false,
  views: 4,
  augment: 'flip',
  accumulate: 1,
  seed: 0,
  evalEvery: 50,
  evalImages: null,
  checkpointEvery: 50,
  overfitPictures: null,
  maxSeconds: null,
};

/** A run as it stands in the list, done unless `part` says otherwise. */
export function testRun(id: string, part: Partial<RunSummary> = {}, settings: Partial<TrainSettings> = {}): RunSummary {
  return {
    id,
    name: `run ${id}`,
    note: '',
    status: 'done',
    message: null,
    dataSet: { id: 'emoji-scenes', name: 'emoji-scenes', hash: 'ab12' },
    from: 'tiny, pretrained',
    settings: { ...SETTINGS, ...settings },
    classes: ['bus', 'cat'],
    stepsDone: 400,
    checkpointStep: 400,
    startedAtMs: 0,
    seconds: 60,
    best: null,
    bytes: 1_000_000,
    ...part,
  };
}
