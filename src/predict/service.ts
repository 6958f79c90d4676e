import { StudioError } from '../base/errors.ts';
import { sharedPromise } from '../base/shared-promise.ts';
import type { DecodeImage } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import { type Checkpoint, readCheckpoint } from '../interop/checkpoint-files.ts';
import { createGpuSession } from '../tf/index.ts';
import { Detector } from './detector.ts';
import type { Prediction } from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface PredictPorts {
  readonly gpu: () => Promise<GPU | undefined>;
  readonly decode: DecodeImage;
  /** The bundled checkpoint. */
  readonly bundledCheckpoint: () => Promise<Checkpoint>;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

export interface PredictService {
  adapter(): Promise<{ readonly name: string; readonly software: boolean }>;
  /** Loads a file or the bundled checkpoint; throws `bad-weights` or `bad-config`, and keeps what it had. */
  load(
    weights: { readonly name: string; readonly bytes: Uint8Array } | 'bundled',
  ): Promise<{ readonly name: string; readonly classes: readonly string[] }>;
  /** Throws `bad-image`; loads the bundled checkpoint where nothing was loaded yet. */
  predict(picture: Uint8Array, threshold: number): Promise<Prediction>;
}

/** Prediction with one model at a time on one device, which is made on first need and again after a loss. */
export function createPredictService(ports: PredictPorts): PredictService {
  let loaded: { readonly checkpoint: Checkpoint; readonly name: string; model: DetrForObjectDetection | null } | null =
    null;

  const session = sharedPromise(async () => createGpuSession(await ports.gpu(), { onLost: forgetDevice }));
  const forgetDevice = () => {
    session.forget();
    if (loaded) loaded.model = null;
  };

  const load: PredictService['load'] = async (weights) => {
    const checkpoint =
      weights === 'bundled'
        ? await ports.bundledCheckpoint()
        : readCheckpoint({ weights: weights.bytes }, weights.name);
    loaded?.model?.dispose();
    loaded = { checkpoint, name: weights === 'bundled' ? 'tiny, pretrained' : weights.name, model: null };
    return { name: loaded.name, classes: checkpoint.config.labels };
  };

  return {
    async adapter() {
      return (await session.get()).adapter;
    },
    load,
    async predict(picture, threshold) {
      const image = await ports.decode(picture);
      const gpu = await session.get();
      if (!loaded) await load('bundled');
      if (!loaded) throw new StudioError('internal', 'No weights were loaded.');
      const { checkpoint } = loaded;
      loaded.model ??= new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
      const detector = new Detector(loaded.model, checkpoint.preprocessor.config, ports.now);
      const prediction = await detector.predict(image, threshold);
      gpu.throwIfFailed();
      return prediction;
    },
  };
}
