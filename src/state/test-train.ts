import type {
  EvalRecord,
  RunHistory,
  RunRequest,
  StepRecord,
  TrainApi,
  TrainEvent,
  TrainResult,
} from '../rpc/protocol.ts';
import { testRun } from './test-runs.ts';

/** A step whose loss falls. */
export function testStep(step: number, part: Partial<StepRecord> = {}): StepRecord {
  return {
    step,
    epoch: step / 40,
    loss: 8 / Math.max(step, 1),
    loss_ce: 1,
    loss_bbox: 1,
    loss_giou: 1,
    cardinality_error: 0,
    class_error: 0,
    lr: 2e-4,
    grad_norm: 1,
    images_per_second: 31.4,
    ...part,
  };
}

/** An evaluation with that AP50. */
export function testEval(step: number, map50: number | null): EvalRecord {
  const none = { AP75: 0, APs: null, APm: null, APl: null, AR1: 0, AR10: 0, AR100: 0, ARs: null, ARm: null, ARl: null };
  return {
    step,
    eval: {
      voc: { map50, map50_11_point: map50, per_class: { cat: { ap50: map50, ap50_11_point: map50, npos: 3 } } },
      coco: { AP: 0, AP50: 0, ...none, per_class: { cat: 0 } },
    },
  };
}

/** A kept run that was broken off after step 240, with a checkpoint at 200. */
export function testHistory(id: string): RunHistory {
  return {
    summary: testRun(id, { name: 'cells 2', status: 'interrupted', stepsDone: 240, checkpointStep: 200 }),
    steps: Array.from({ length: 240 }, (_, index) => testStep(index + 1)),
    evals: [testEval(0, 0.1), testEval(200, 0.5), testEval(220, 0.9)],
  };
}

/** A train worker that ends when the test says so, and tells what it was asked. */
export function testTrainer() {
  let tell: (events: readonly TrainEvent[]) => void = () => {};
  let end: (result: TrainResult) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const asked: string[] = [];
  const requests: RunRequest[] = [];
  const go = (what: string, onEvents: (events: readonly TrainEvent[]) => void): Promise<TrainResult> => {
    asked.push(what);
    tell = onEvents;
    return new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
  };
  const note = (what: string) => async () => {
    asked.push(what);
  };
  const api: TrainApi = {
    adapter: async () => ({ name: 'test', software: true }),
    estimate: async () => ({
      secondsPerStep: 2,
      secondsPerEvaluation: 8,
      gpuBytes: 412e6,
      savings: [],
    }),
    classesOf: async () => ['cat', 'airplane'],
    start: (request, onEvents) => {
      requests.push(request);
      return go(`start ${request.name}`, onEvents);
    },
    continueRun: (runId, onEvents) => go(`continue ${runId}`, onEvents),
    pause: note('pause'),
    resume: note('resume'),
    stop: note('stop'),
    wasFrozen: async (ms) => {
      asked.push(`frozen ${ms}`);
    },
    loseDevice: note('lose'),
  };
  const result = { out: '', steps: 2, seconds: 1, loss_first: 8, loss_last: 4, best: null, final: null };
  return {
    api,
    asked,
    requests,
    tell: (...events: readonly TrainEvent[]) => tell(events),
    end: () => end(result),
    fail: (error: Error) => fail(error),
  };
}
