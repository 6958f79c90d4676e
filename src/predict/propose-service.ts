import { StudioError } from '../base/errors.ts';
import type { SharedPromise } from '../base/shared-promise.ts';
import type { DecodeImage } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { WeightsSource } from '../interop/types.ts';
import { type GpuSession, releasePool } from '../tf/index.ts';
import { Detector } from './detector.ts';
import type { LookedAtPicture } from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface ProposePorts {
  /** The one device of the thread, shared with whatever else computes there; made anew after a loss. */
  readonly session: SharedPromise<GpuSession>;
  readonly decode: DecodeImage;
  readonly openWeights: (source: WeightsSource) => Promise<{ readonly checkpoint: Checkpoint; readonly name: string }>;
  /** The encoded bytes of a set's picture, by its path; null where it is not kept. */
  readonly storedPicture: (dataSetId: string, imagePath: string) => Promise<Uint8Array | null>;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

export interface ProposeService {
  /** Opens the weights that propose from now on. Throws as `openWeights`, and then keeps those that it had. */
  openProposer(weights: WeightsSource): Promise<{ readonly classes: readonly string[] }>;
  /** Gives back what they take. */
  closeProposer(): Promise<void>;
  /**
   * What these weights see in a kept picture, above `threshold`. Throws `bad-image`, `gpu-unavailable`, `gpu-lost`, and `not-found`
   * where the picture is gone, or no weights are open, as after a fresh start.
   */
  lookAt(dataSetId: string, imagePath: string, threshold: number): Promise<LookedAtPicture>;
}

interface Open {
  readonly checkpoint: Checkpoint;
  /** Built at the first picture, on the device of `session`. */
  model: {
    readonly detr: DetrForObjectDetection;
    readonly detector: Detector;
    readonly session: GpuSession;
  } | null;
}

/** Looks at pictures that wait for labels with weights of its own, beside what is loaded for predicting. */
export function createProposeService(ports: ProposePorts): ProposeService {
  let open: Open | null = null;
  let asked = 0;

  const close = (): void => {
    try {
      if (open?.model != null) {
        open.model.detr.dispose();
        // What it took goes back to the device: a run may begin next.
        releasePool();
      }
    } catch {
      // Of a device that was lost the memory is gone already.
    }
    open = null;
  };

  return {
    async openProposer(weights) {
      asked += 1;
      const mine = asked;
      const { checkpoint } = await ports.openWeights(weights);
      // Others were asked for meanwhile, and stay.
      if (mine === asked) {
        close();
        open = { checkpoint, model: null };
      }
      return { classes: checkpoint.config.labels };
    },

    async closeProposer() {
      asked += 1;
      close();
    },

    async lookAt(dataSetId, imagePath, threshold) {
      const mine = open;
      if (mine === null) throw noneOpen();
      const bytes = await ports.storedPicture(dataSetId, imagePath);
      if (bytes === null) {
        const message = `The picture ${imagePath} is not in this browser's storage any more.`;
        throw new StudioError('not-found', message, { dataSetId, imagePath });
      }
      const image = await ports.decode(bytes);
      const session = await ports.session.get();
      // Closed meanwhile: what would be built now, nobody would give back.
      if (open !== mine) throw noneOpen();
      const { config, weights, preprocessor } = mine.checkpoint;
      // What was built on a device that is lost went with it.
      if (mine.model?.session !== session) {
        const detr = new DetrForObjectDetection(config, weights.values);
        mine.model = { detr, detector: new Detector(detr, preprocessor.config, ports.now), session };
      }
      try {
        const { prediction, descriptor } = await mine.model.detector.describe(image, threshold);
        session.throwIfFailed();
        return { detections: prediction.detections, descriptor };
      } catch (thrown) {
        // A lost device shows in many ways; what it says itself is the reason.
        session.throwIfFailed();
        throw thrown;
      }
    },
  };
}

function noneOpen(): StudioError {
  return new StudioError('not-found', 'No weights are open that could propose boxes.');
}
