import { StudioError } from '../base/errors.ts';
import type { SharedPromise } from '../base/shared-promise.ts';
import type { DecodeImage } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { WeightsSource } from '../interop/types.ts';
import type { GpuSession } from '../tf/index.ts';
import { Detector } from './detector.ts';
import type { Prediction } from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface PredictPorts {
  /** The one device of the thread, shared with whatever else computes there; made anew after a loss. */
  readonly session: SharedPromise<GpuSession>;
  readonly decode: DecodeImage;
  readonly openWeights: (source: WeightsSource) => Promise<{ readonly checkpoint: Checkpoint; readonly name: string }>;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

export interface PredictService {
  adapter(): Promise<{ readonly name: string; readonly software: boolean }>;
  /** Loads weights from wherever they are; throws as `openWeights`, and keeps what it had. */
  load(weights: WeightsSource): Promise<{ readonly name: string; readonly classes: readonly string[] }>;
  /** Throws `bad-image`, and `not-found` where no weights are loaded, as after a fresh start. */
  predict(picture: Uint8Array, threshold: number): Promise<Prediction>;
}

interface Loaded {
  readonly checkpoint: Checkpoint;
  /** Built at the first picture, on the device of `session`. */
  model: { readonly detr: DetrForObjectDetection; readonly session: GpuSession } | null;
}

/** Prediction with one model at a time, on a device that it shares. */
export function createPredictService(ports: PredictPorts): PredictService {
  let loaded: Loaded | null = null;
  let asked = 0;

  const modelOn = (weights: Loaded, session: GpuSession): DetrForObjectDetection => {
    // What was built on a device that is lost went with it.
    if (weights.model?.session !== session) {
      const { config, weights: read } = weights.checkpoint;
      weights.model = { detr: new DetrForObjectDetection(config, read.values), session };
    }
    return weights.model.detr;
  };

  return {
    async adapter() {
      return (await ports.session.get()).adapter;
    },

    async load(weights) {
      asked += 1;
      const mine = asked;
      const { checkpoint, name } = await ports.openWeights(weights);
      const answer = { name, classes: checkpoint.config.labels };
      // A small file that was asked for later is here earlier: what was asked for last stays.
      if (mine < asked) return answer;
      if (loaded !== null) dispose(loaded);
      loaded = { checkpoint, model: null };
      return answer;
    },

    async predict(picture, threshold) {
      const image = await ports.decode(picture);
      const session = await ports.session.get();
      if (loaded === null) throw new StudioError('not-found', 'No weights are loaded; load some, then predict.');
      const detector = new Detector(modelOn(loaded, session), loaded.checkpoint.preprocessor.config, ports.now);
      try {
        const prediction = await detector.predict(image, threshold);
        session.throwIfFailed();
        return prediction;
      } catch (thrown) {
        // A lost device shows in many ways; what it says itself is the reason.
        session.throwIfFailed();
        throw thrown;
      }
    },
  };
}

function dispose({ model }: Loaded): void {
  try {
    model?.detr.dispose();
  } catch {
    // Of a device that was lost the memory is gone already; there is nothing left to give back.
  }
}
