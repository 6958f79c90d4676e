import { coalesce } from '../../src/rpc/coalesce.ts';
import type {
  EvalPicture,
  EvaluationReport,
  StepRecord,
  TrainApi,
  TrainEvent,
  TrainResult,
} from '../../src/rpc/protocol.ts';
import { serve } from '../../src/rpc/serve.ts';

/**
 * A trainer that computes nothing: it tells the events of a long run, far quicker than any model trains, through the same
 * worker protocol. What is looked at is the page that draws them.
 */
const STEPS_A_TICK = 5;
const TICK_MS = 20;
const EVAL_EVERY = 100;
const PICTURES = ['2026_000001', '2026_000003', '2026_000007'];

function record(step: number, steps: number): StepRecord {
  const sunk = Math.exp((-3 * step) / steps);
  const noise = Math.sin(step * 12.9898) * 0.2;
  return {
    step,
    epoch: step / 40,
    loss: 3 + 5 * sunk + noise,
    loss_ce: 0.5 + sunk + noise / 4,
    loss_bbox: 0.1 + sunk / 3,
    loss_giou: 0.3 + sunk / 2,
    cardinality_error: 2 * sunk,
    class_error: 100 * sunk,
    lr: 2e-4,
    grad_norm: 2 + noise,
    images_per_second: 31,
  };
}

function report(ap: number): EvaluationReport {
  const none = { AP: ap / 2, AP50: ap, AP75: ap / 3, APs: null, APm: ap, APl: ap };
  const recall = { AR1: ap, AR10: ap, AR100: ap, ARs: null, ARm: ap, ARl: ap };
  return {
    voc: { map50: ap, map50_11_point: ap, per_class: { cat: { ap50: ap, ap50_11_point: ap, npos: 9 } } },
    coco: { ...none, ...recall, per_class: { cat: ap } },
  };
}

function pictures(): EvalPicture[] {
  return PICTURES.map((sampleId) => ({
    sampleId,
    size: { h: 240, w: 320 },
    truth: [{ className: 'cat', boxXyxyPx: [20, 20, 120, 120], difficult: false, truncated: false }],
    detections: [{ label: 'cat', labelId: 0, score: 0.9, boxXyxyPx: [24, 18, 118, 124] }],
  }));
}

let stopped = false;

serve({
  adapter: async () => ({ name: 'Scripted', software: false }),
  classesOf: async () => ['cat'],
  estimate: async () => ({
    secondsPerStep: 0.1,
    secondsPerEvaluation: 1,
    gpuBytes: 1e8,
    savings: [],
  }),
  async start({ settings }, onEvents) {
    const { steps } = settings;
    const events = coalesce(onEvents, 100);
    const tell = (event: TrainEvent): void => events.push([event]);
    const best = { step: steps, map50: 0.8, AP: 0.5 };
    stopped = false;
    tell({ type: 'started', settings, classes: ['cat'], carriedClasses: 1, firstStep: 0 });
    for (let step = 1; step <= steps && !stopped; step++) {
      tell({ type: 'step', record: record(step, steps) });
      const left = ((steps - step) / STEPS_A_TICK) * (TICK_MS / 1000);
      tell({ type: 'progress', phase: 'training', done: step, total: steps, perSecond: 31, secondsLeft: left });
      if (step % EVAL_EVERY === 0) {
        tell({ type: 'eval', record: { step, eval: report((0.8 * step) / steps) }, pictures: pictures() });
        tell({ type: 'checkpoint', step, kind: 'last' });
      }
      if (step % STEPS_A_TICK === 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    events.flush();
    const result: TrainResult = {
      out: 'scripted',
      steps,
      seconds: steps / 31,
      loss_first: 8,
      loss_last: 3,
      best,
      final: { map50: 0.8, AP: 0.5 },
    };
    return result;
  },
  continueRun: () => Promise.reject(new Error('There is nothing to go on with.')),
  pause: async () => {},
  resume: async () => {},
  stop: async () => {
    stopped = true;
  },
  wasFrozen: async () => {},
  loseDevice: async () => {},
} satisfies TrainApi);
