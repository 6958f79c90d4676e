import type { Size } from '../base/boxes.ts';
import type { ClassMap, ClassRow } from '../base/class-rows.ts';
import type { RecipeName, RecipeSettings } from '../base/recipes.ts';
import type { AnnotatedObject, Problem } from '../data/types.ts';
import type { WeightsSource } from '../interop/types.ts';
import type { EvaluationReport, PrecisionRecallCurve } from '../metrics/types.ts';
import type { DetectedBox } from '../predict/types.ts';

/** Every setting of a run, resolved. Written to run.json; resuming reads it from there. */
export interface TrainSettings extends RecipeSettings {
  /** The recipe that the others were taken from where nothing else was said; null for none. */
  readonly recipe: RecipeName | null;
  /** Shortest edge in pixels; the longest is at most floor(size * 1333 / 800). */
  readonly size: number;
  /** Mini-batches a step. */
  readonly accumulate: number;
  /** Nothing inside the backbone's blocks and the encoder's layers is kept for the gradient: less memory for more work. */
  readonly recompute: boolean;
  readonly seed: number;
  /** Evaluate on the first so many pictures of the split; null for all. */
  readonly evalImages: number | null;
  readonly checkpointEvery: number;
  /** Train and evaluate on the first so many pictures of the train split alone, as a first test of a set; null for all. */
  readonly overfitPictures: number | null;
  /** Take only the steps that fit into so many seconds, as measured on the first ones; null for all of them. */
  readonly maxSeconds: number | null;
}

/** One line of metrics.jsonl: a training step. */
export interface StepRecord {
  readonly step: number;
  /** Passes over the training split so far, with its fraction. */
  readonly epoch: number;
  readonly loss: number;
  readonly loss_ce: number;
  readonly loss_bbox: number;
  readonly loss_giou: number;
  /** Mean absolute difference of the number of boxes found and present; not trained on. */
  readonly cardinality_error: number;
  /** Per cent of matched queries whose class is wrong, last layer; not trained on. */
  readonly class_error: number;
  readonly lr: number;
  /** Before clipping. */
  readonly grad_norm: number;
  readonly images_per_second: number;
}

/** One line of metrics.jsonl: an evaluation of the val split after so many steps. */
export interface EvalRecord {
  readonly step: number;
  readonly eval: EvaluationReport;
}

/** A picture of the last evaluation, for showing prediction against truth. */
export interface EvalPicture {
  readonly sampleId: string;
  readonly size: Size;
  readonly truth: readonly AnnotatedObject[];
  readonly detections: readonly DetectedBox[];
}

/** What a run tells while it goes on. Structured-cloneable. */
export type TrainEvent =
  | {
      readonly type: 'started';
      readonly settings: TrainSettings;
      readonly classes: readonly string[];
      readonly carriedClasses: number;
      readonly firstStep: number;
    }
  /** What is being done now: `done` of `total` items, for the status line. */
  | {
      readonly type: 'progress';
      readonly phase: 'loading' | 'measuring' | 'training' | 'evaluating' | 'saving';
      readonly done: number;
      readonly total: number;
      readonly perSecond: number | null;
      readonly secondsLeft: number | null;
    }
  | { readonly type: 'step'; readonly record: StepRecord }
  | { readonly type: 'eval'; readonly record: EvalRecord; readonly pictures: readonly EvalPicture[] }
  | { readonly type: 'checkpoint'; readonly step: number; readonly kind: 'last' | 'best' }
  /** A plain sentence that the user should see. */
  | { readonly type: 'notice'; readonly message: string };

/** How a run ended; `train --json` prints it. */
export interface TrainResult {
  readonly out: string;
  readonly steps: number;
  readonly seconds: number;
  readonly loss_first: number | null;
  readonly loss_last: number | null;
  readonly best: { readonly step: number; readonly map50: number | null; readonly AP: number | null } | null;
  readonly final: { readonly map50: number | null; readonly AP: number | null } | null;
}

/** Which of a run's two checkpoints: the last one made, or the best by AP50. */
export type CheckpointKind = 'last' | 'best';

/** Port: where a run is kept. Every write is whole or not at all. */
export interface RunStore {
  /** What to call it to people: a folder's path, or a name. */
  readonly out: string;
  /** Removes what an earlier run left in this place, so that nobody takes its weights for the new run's. */
  clear(): Promise<void>;
  /** Settings and provenance: run.json. */
  writeRun(run: Readonly<Record<string, unknown>>): Promise<void>;
  appendMetrics(record: StepRecord | EvalRecord): Promise<void>;
  /** Drops the records of steps after `lastStep`, so that a resumed run has each step once. */
  truncateMetrics(lastStep: number): Promise<void>;
  /** Replaces that checkpoint; the one before is there until this one is complete. */
  saveCheckpoint(kind: CheckpointKind, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Null where there is none yet. */
  loadCheckpoint(kind: CheckpointKind): Promise<ReadonlyMap<string, Uint8Array> | null>;
}

/** A key of a kept record. Keys sort part by part, numbers before texts, and a key before those that go on from it. */
export type RecordKey = readonly (string | number)[];

/** Port: records by key. Each call happens whole or not at all; a write that is refused throws `storage`. */
export interface KeptRecords<Value> {
  get(key: RecordKey): Promise<Value | undefined>;
  /** The records whose keys begin so, in order of their keys. */
  values(prefix: RecordKey): Promise<readonly Value[]>;
  keys(prefix: RecordKey): Promise<readonly RecordKey[]>;
  put(records: readonly (readonly [RecordKey, Value])[]): Promise<void>;
  /** Changes one record where it is there, with no other change in between; says whether it was. */
  update(key: RecordKey, change: (old: Value) => Value): Promise<boolean>;
  /** Deletes the records whose keys begin so; with `from` those alone whose next part is at or after it. */
  delete(prefix: RecordKey, from?: string | number): Promise<void>;
}

/** Port: everything that is kept of runs. */
export interface RunDatabase {
  /** By [run]. */
  readonly runs: KeptRecords<RunRecord>;
  /** By [run, step, 'step' or 'eval']. */
  readonly metrics: KeptRecords<StepRecord | EvalRecord>;
  /** By [run, kind, generation, 'file', name, chunk] and [run, kind, generation, 'manifest']. What was put is on the disk. */
  readonly checkpoints: KeptRecords<ArrayBuffer | CheckpointManifest>;
}

/** What kept features were made from: those of another identity are of no use. */
export interface FeatureIdentity {
  /** sha256 of the frozen weights and of how they are put together, in hexadecimal. */
  readonly weights: string;
  /** The data set's hash. */
  readonly dataSet: string;
  /** Size and normalisation of the pictures, as text. */
  readonly pixels: string;
  /** Seed of the views, and the version of what makes them, as text. */
  readonly views: string;
  /** After the input projection, or after the encoder. */
  readonly stage: 'projected' | 'memory';
  readonly format: 'f16';
}

/** Port: the features that are kept of one data set. A write that is refused throws `storage`. */
export interface FeatureStore {
  /** What to call the place to people. */
  readonly place: string;
  /** What they were made from, and what they take; null where there are none. */
  kept(): Promise<{ readonly identity: FeatureIdentity; readonly bytes: number } | null>;
  /** Those of that identity; what is kept of another is deleted. */
  open(identity: FeatureIdentity): Promise<FeatureShelf>;
  /** What may still be stored there; null where that is not known. */
  freeBytes(): Promise<number | null>;
}

/** Kept features of one identity, by the name of the view. */
export interface FeatureShelf {
  get(key: string): Promise<ArrayBuffer | null>;
  put(features: ReadonlyMap<string, ArrayBuffer>): Promise<void>;
}

/** A run as it is kept; `run` is its run.json. */
export interface RunRecord {
  readonly summary: RunSummary;
  readonly run: Readonly<Record<string, unknown>>;
}

/** What makes a checkpoint complete: written last, when all its files are there. */
export interface CheckpointManifest {
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly chunks: number;
    /** In hexadecimal. */
    readonly sha256: string;
  }[];
}

/** What a person asks for when a run starts. */
export interface RunRequest {
  /** Names the run for good, in storage and in addresses. */
  readonly id: string;
  /** For people; may be changed later. */
  readonly name: string;
  readonly dataSetId: string;
  /** The version of the set, where it has versions: for people, the set's hash says the rest. */
  readonly dataSetVersion?: number;
  readonly from: WeightsSource;
  readonly settings: TrainSettings;
  /** From which rows of the weights classes start, where that is not the proposal. */
  readonly classMap?: ClassMap;
}

/** One change of the settings, and the GPU memory that a run takes with it. */
export interface MemorySaving {
  readonly change: 'recompute' | 'batch' | 'size' | 'freezeBackbone';
  /** Pictures a batch (and so many more batches a step), pixels of the shortest edge, or 1. */
  readonly to: number;
  readonly gpuBytes: number;
}

/** What a few steps of a run that is not yet started took. */
export interface RunEstimate {
  readonly secondsPerStep: number;
  /** One evaluation as the settings ask for; null where they ask for none. */
  readonly secondsPerEvaluation: number | null;
  /** The most GPU memory that is allocated at once, in steps or an evaluation. */
  readonly gpuBytes: number;
  /** What lowers it, the most first. */
  readonly savings: readonly MemorySaving[];
}

/** `going` while a worker trains it, `interrupted` where that worker is gone without an end. */
export type RunStatus = 'going' | 'interrupted' | 'done' | 'stopped' | 'failed';

/** A kept run, in figures. */
export interface RunSummary {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly status: RunStatus;
  /** Why it failed, as a sentence; null otherwise. */
  readonly message: string | null;
  readonly dataSet: {
    readonly id: string;
    readonly name: string;
    readonly hash: string;
    /** Absent where the set had no other version than the imported one. */
    readonly version?: number;
  };
  /** The name of the weights that it started from. */
  readonly from: string;
  readonly settings: TrainSettings;
  readonly classes: readonly string[];
  /** From which rows of the weights classes started, where a person said so. Runs of the first versions have none. */
  readonly chosenRows?: readonly ClassRow[];
  readonly stepsDone: number;
  /** The step of the last checkpoint, from which it can go on; null where there is none. */
  readonly checkpointStep: number | null;
  readonly startedAtMs: number;
  /** Training time, pauses left out. */
  readonly seconds: number;
  readonly best: TrainResult['best'];
  /** On disk, checkpoints included. */
  readonly bytes: number;
}

/** A kept run with everything that it recorded. */
export interface RunHistory {
  readonly summary: RunSummary;
  readonly steps: readonly StepRecord[];
  readonly evals: readonly EvalRecord[];
}

/** What is to be evaluated. */
export interface EvaluationRequest {
  readonly weights: WeightsSource;
  readonly dataSetId: string;
  readonly split: string;
  /** The first so many pictures of the split; null for all. */
  readonly limit: number | null;
}

/** What an evaluation found, figure by figure and picture by picture. */
export interface EvaluationResult {
  readonly report: EvaluationReport;
  /** At an overlap of 0.5: all classes together first (`className` null), then each. */
  readonly curves: readonly PrecisionRecallCurve[];
  /** Every picture, in the order of the split, with what was found above a score of 0.05. */
  readonly pictures: readonly EvalPicture[];
  readonly classes: readonly string[];
  /** Of the data set as it was evaluated. */
  readonly dataSetHash: string;
  /** Pictures that could not be read and were left out. */
  readonly problems: readonly Problem[];
  readonly seconds: number;
}
