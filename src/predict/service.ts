import { StudioError } from '../base/errors.ts';
import { type SharedPromise, sharedPromise } from '../base/shared-promise.ts';
import type { DecodeImage, RgbImage } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import { type OnnxModel, readDroppedOnnx } from '../interop/dropped-onnx.ts';
import type { WeightsSource } from '../interop/types.ts';
import type { GpuSession } from '../tf/index.ts';
import { Detector } from './detector.ts';
import { DEVICE_NAMES } from './device-names.ts';
import { broughtDown } from './onnx-detector.ts';
import type { TransformersDetector } from './transformers-detector.ts';
import { type TransformersModel, transformersModel } from './transformers-model.ts';
import type { LoadOnnxRuntime, PredictEngine, Prediction } from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface PredictPorts {
  /** The one device of the thread, shared with whatever else computes there; made anew after a loss. */
  readonly session: SharedPromise<GpuSession>;
  readonly decode: DecodeImage;
  readonly openWeights: (source: WeightsSource) => Promise<{ readonly checkpoint: Checkpoint; readonly name: string }>;
  readonly onnxRuntime: LoadOnnxRuntime;
  /** Ends this thread where nothing more can be run in it: the page starts another. */
  readonly endThread: () => void;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** What computes, for people. */
export interface AdapterNames {
  readonly name: string;
  readonly software: boolean;
}

/** Weights that were loaded, and what can predict with them: the first by itself, the others on request. */
export interface LoadedModel {
  readonly name: string;
  readonly classes: readonly string[];
  readonly engines: readonly PredictEngine[];
}

export interface PredictService {
  /** What predicts with this engine. Throws `gpu-unavailable`, or `bad-weights` where it does not take the model. */
  adapter(engine?: PredictEngine): Promise<AdapterNames>;
  /** Loads weights from wherever they are; throws as `openWeights`, and keeps what it had. */
  load(weights: WeightsSource): Promise<LoadedModel>;
  /** Throws `bad-image`, and `not-found` where no weights are loaded, as after a fresh start. */
  predict(picture: Uint8Array, threshold: number, engine?: PredictEngine): Promise<Prediction>;
}

interface Loaded {
  readonly from:
    | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
    | { readonly kind: 'onnx'; readonly model: OnnxModel };
  /** Built at the first picture, on the device of `session`. */
  model: { readonly detr: DetrForObjectDetection; readonly session: GpuSession } | null;
  /** Built at the first picture that is given to transformers.js. */
  readonly pipeline: SharedPromise<TransformersDetector>;
  opened: TransformersDetector | null;
}

/** Prediction with one model at a time, on a device that it shares. */
export function createPredictService(ports: PredictPorts): PredictService {
  let loaded: Loaded | null = null;
  let asked = 0;

  const loadedNow = (): Loaded => {
    if (loaded === null) throw new StudioError('not-found', 'No weights are loaded; load some, then predict.');
    return loaded;
  };

  const predictHere = async (image: RgbImage, threshold: number): Promise<Prediction> => {
    const session = await ports.session.get();
    const weights = loadedNow();
    if (weights.from.kind === 'onnx') {
      throw new StudioError(
        'usage',
        'An ONNX model is run by transformers.js alone; choose that, or load a .safetensors.',
      );
    }
    const { config, weights: read, preprocessor } = weights.from.checkpoint;
    // What was built on a device that is lost went with it.
    if (weights.model?.session !== session) {
      weights.model = { detr: new DetrForObjectDetection(config, read.values), session };
    }
    const detector = new Detector(weights.model.detr, preprocessor.config, ports.now);
    try {
      const prediction = await detector.predict(image, threshold);
      session.throwIfFailed();
      return prediction;
    } catch (thrown) {
      // A lost device shows in many ways; what it says itself is the reason.
      session.throwIfFailed();
      throw thrown;
    }
  };

  return {
    async adapter(engine = 'detrain') {
      if (engine === 'detrain') return (await ports.session.get()).adapter;
      const { device, version } = await loadedNow().pipeline.get();
      return { name: `${DEVICE_NAMES[device]}, by transformers.js ${version}`, software: device === 'wasm' };
    },

    async load(weights) {
      asked += 1;
      const mine = asked;
      const { from, ...answer } = await open(weights, ports);
      // A small file that was asked for later is here earlier: what was asked for last stays.
      if (mine < asked) return answer;
      if (loaded !== null) dispose(loaded);
      const fresh: Loaded = {
        from,
        model: null,
        opened: null,
        pipeline: sharedPromise(async () => {
          fresh.opened = await openPipeline(from, ports);
          if (loaded !== fresh) dispose(fresh);
          return fresh.opened;
        }),
      };
      loaded = fresh;
      return answer;
    },

    async predict(picture, threshold, engine = 'detrain') {
      const image = await ports.decode(picture);
      if (engine === 'detrain') return predictHere(image, threshold);
      try {
        return await (await loadedNow().pipeline.get()).predict(image, threshold);
      } catch (thrown) {
        if (broughtDown(thrown)) ports.endThread();
        throw thrown;
      }
    },
  };
}

async function open(source: WeightsSource, ports: PredictPorts): Promise<LoadedModel & Pick<Loaded, 'from'>> {
  const model = source.kind === 'files' ? await readDroppedOnnx(source.name, source.files) : null;
  if (model !== null && source.kind === 'files') {
    const { labels } = model.config;
    return { from: { kind: 'onnx', model }, name: source.name, classes: labels, engines: ['transformers.js'] };
  }
  const { checkpoint, name } = await ports.openWeights(source);
  const engines = ['detrain', 'transformers.js'] as const;
  return { from: { kind: 'checkpoint', checkpoint }, name, classes: checkpoint.config.labels, engines };
}

async function openPipeline(from: Loaded['from'], ports: PredictPorts): Promise<TransformersDetector> {
  // Megabytes that most people never need.
  const [runtime, { TransformersDetector }, model] = await Promise.all([
    ports.onnxRuntime(),
    import('./transformers-detector.ts'),
    from.kind === 'onnx' ? ofOnnx(from.model) : ofCheckpoint(from.checkpoint),
  ]);
  return TransformersDetector.open(runtime, model, ports.now);
}

function ofOnnx({ onnx, config, preprocessor, texts }: OnnxModel): TransformersModel {
  return { onnx, ...texts, labels: config.labels, preprocessing: preprocessor.config };
}

async function ofCheckpoint(checkpoint: Checkpoint): Promise<TransformersModel> {
  const { exportOnnx } = await import('../interop/onnx/export-onnx.ts');
  return transformersModel(checkpoint, exportOnnx(checkpoint.config, checkpoint.weights.values));
}

function dispose({ model, opened }: Loaded): void {
  // Of a device that was lost the memory is gone already; there is nothing left to give back.
  void opened?.dispose().catch(() => undefined);
  try {
    model?.detr.dispose();
  } catch {
    // As above.
  }
}
