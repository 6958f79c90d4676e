import type { DetectedBox, Prediction } from '../predict/types.ts';
import type { EvalPicture, EvalRecord, StepRecord, TrainEvent, TrainResult, TrainSettings } from '../train/types.ts';

/** What the page must know of the GPU before it proposes settings. */
export interface AdapterReport {
  /** For people, such as "Apple M3 Pro". */
  readonly name: string;
  /** True for a driver that computes on the CPU. */
  readonly software: boolean;
}

/** A single `.safetensors` file that carries its config in its metadata. */
export interface WeightsFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What the train worker can be asked. */
export interface TrainApi {
  /** Makes the device; throws `gpu-unavailable`. */
  adapter(): Promise<AdapterReport>;
  /** Trains on the bundled sample from the bundled checkpoint. Resolves when the run has ended or was stopped. */
  start(settings: TrainSettings, onEvent: (events: readonly TrainEvent[]) => void): Promise<TrainResult>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the run after the step in hand; its weights stay. */
  stop(): Promise<void>;
  /** The weights of the run just made, best or last. Throws `not-found` where there is no run. */
  weights(kind: 'best' | 'last'): Promise<WeightsFile>;
  /** The encoded picture of a sample, for showing the last evaluation. */
  samplePicture(sampleId: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** What the predict worker can be asked. */
export interface PredictApi {
  adapter(): Promise<AdapterReport>;
  /** Loads the bundled checkpoint, or a file; returns its class names. Throws `bad-weights`, and then keeps what it had. */
  load(weights: WeightsFile | 'bundled'): Promise<{ readonly name: string; readonly classes: readonly string[] }>;
  /** Everything found with a score above `threshold`, best first. Throws `bad-image`. */
  predict(picture: Uint8Array<ArrayBuffer>, threshold: number): Promise<Prediction>;
}

/** The page takes these from here: it may not look into the rooms that they come from. */
export type { DetectedBox, EvalPicture, EvalRecord, Prediction, StepRecord, TrainEvent, TrainResult, TrainSettings };
