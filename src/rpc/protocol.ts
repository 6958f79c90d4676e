import type {
  AddPicturesRequest,
  AddPicturesResult,
  ArrivedSet,
  ArrivingSummary,
  BoxFinding,
  CheckProgress,
  ClassChange,
  ClassFinding,
  CleaningReport,
  DataSetIndex,
  DataSetSummary,
  DuplicateGroup,
  ExportedSet,
  ExportForm,
  FirstViewsRequest,
  Fix,
  GivenFile,
  ImportProgress,
  ImportResult,
  ImportSource,
  InterruptedImport,
  OfferedSet,
  PictureViewsRequest,
  Problem,
  ProposalRecord,
  Sample,
  SampleDifference,
  SeenBox,
  SeenView,
  SetChange,
  SetDifference,
  SetHistory,
  SetVersion,
} from '../data/types.ts';
import type { HubModelSummary, HubProgress, HubRequest, WeightsSource } from '../interop/types.ts';
import type { EvaluationReport, PrecisionRecallCurve } from '../metrics/types.ts';
import type {
  DetectedBox,
  ExportKind,
  LookedAtPicture,
  ParityReceipt,
  PredictEngine,
  Prediction,
} from '../predict/types.ts';
import type {
  ProjectChoice,
  ProjectImport,
  ProjectMode,
  ProjectProgress,
  ProjectReceipt,
  ProjectSettings,
} from '../project/types.ts';
import type {
  EvalPicture,
  EvalRecord,
  EvaluationRequest,
  EvaluationResult,
  MemorySaving,
  RunEstimate,
  RunHistory,
  RunRequest,
  RunStatus,
  RunSummary,
  StepRecord,
  TrainEvent,
  TrainResult,
  TrainSettings,
} from '../train/types.ts';

/** What the page must know of the GPU before it proposes settings. */
export interface AdapterReport {
  /** For people, such as "Apple M3 Pro". */
  readonly name: string;
  /** True for a driver that computes on the CPU. */
  readonly software: boolean;
}

/** A file for a person to keep. */
export interface OfferedFile {
  readonly name: string;
  readonly blob: Blob;
}

/** What the data worker can be asked about data sets. It has no GPU in it. */
export interface DataApi {
  /** The sets, the bundled one first, and the imports that were broken off. */
  dataSets(): Promise<{
    readonly sets: readonly DataSetSummary[];
    readonly interrupted: readonly InterruptedImport[];
    /** What the features take that training with a frozen backbone has kept. */
    readonly featureBytes: number;
  }>;
  /** Sets in shards that this site's own server offers; none on most. Throws `bad-data-set`. */
  offeredSets(): Promise<readonly OfferedSet[]>;
  /**
   * Reads, checks and stores a set; given the files or the address of an interrupted import, goes on with it. Throws `bad-archive`,
   * `bad-data-set`, `storage` (with `neededBytes` and `freeBytes` where the space ran out), `cancelled`, `usage` where
   * another tab imports. What was stored in whole batches stays, as an interrupted import.
   */
  importDataSet(source: ImportSource, onProgress: (progress: ImportProgress) => void): Promise<ImportResult>;
  /** Of a set whose import goes on: what is stored of it by now, to be looked at; null where nothing is. */
  arrivingSet(): Promise<ArrivedSet | null>;
  /**
   * Makes a set of its own of what is stored by now, to be trained on while the rest comes; it shares the pictures of the
   * whole, and goes with it. Throws `usage` where there is nothing to train on yet, and for a set of which no part can be kept.
   */
  keepArrived(): Promise<DataSetSummary>;
  /**
   * Makes a set of pictures without labels, or adds them to one as a version of its own. Throws `bad-data-set` where none can be
   * read, `storage`, `cancelled`, `not-found`, `usage` while an import goes on or the set cannot be edited; then nothing is kept.
   */
  addPictures(request: AddPicturesRequest, onProgress: (progress: ImportProgress) => void): Promise<AddPicturesResult>;
  /** Ends an import, or the adding of pictures. */
  cancelImport(): Promise<void>;
  /** Deletes what an interrupted import has stored. */
  discardImport(importId: string): Promise<{ readonly freedBytes: number }>;
  /** Throws `not-found`. */
  dataSet(id: string): Promise<DataSetIndex>;
  /** The encoded bytes of a picture. Throws `not-found`. */
  picture(dataSetId: string, sampleId: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A picture, decoded and no higher than that. Throws `not-found`, `bad-image`. */
  thumbnail(dataSetId: string, sampleId: string, heightPx: number): Promise<Blob>;
  /** The first views that a run with these settings would draw. Throws `not-found`, `bad-data-set`. */
  firstViews(dataSetId: string, request: FirstViewsRequest): Promise<readonly SeenView<Blob>[]>;
  /** The first views of one picture that a run with these settings would draw. Throws `not-found`, `bad-image`. */
  pictureViews(dataSetId: string, request: PictureViewsRequest): Promise<readonly SeenView<Blob>[]>;
  /** A copy, which can be edited, of any set. Throws `not-found`, `storage`. */
  copyDataSet(dataSetId: string): Promise<DataSetSummary>;
  /** Throws `usage` for the bundled set, and while a run trains on it. */
  removeDataSet(id: string): Promise<{ readonly freedBytes: number }>;
  /** Deletes the features that training has kept of all sets; they are made anew when needed. Throws `usage` while a run trains. */
  removeFeatures(): Promise<{ readonly freedBytes: number }>;
  /** The set as a tar of that form, and what of it the form has no place for. */
  exportDataSet(id: string, form: ExportForm): Promise<ExportedSet>;
}

/**
 * What the data worker can be asked about labels and versions of a set. All throw `not-found` for a set that is gone; what
 * writes throws `usage` for the bundled set and where another tab edits the set, and `storage`.
 */
export interface EditApi {
  /** Takes the right to edit a set for this tab; false where another tab has it. */
  beginEditing(dataSetId: string): Promise<boolean>;
  endEditing(dataSetId: string): Promise<void>;
  /** Keeps pictures' labels as they were edited, in the open version; `classes` where one was added. */
  editSamples(dataSetId: string, samples: readonly Sample[], classes?: readonly string[] | null): Promise<void>;
  /** Makes another change as a version of its own. `what` says it as a sentence without its full stop. */
  changeSet(dataSetId: string, change: SetChange, what: string): Promise<SetVersion>;
  /** Changes the classes as a version of its own. Throws `usage` for a name that is taken, or that is none. */
  changeClasses(dataSetId: string, change: ClassChange): Promise<SetVersion>;
  /** Closes the open version, where something was edited since the last. */
  sealVersion(dataSetId: string): Promise<{ readonly number: number; readonly hash: string }>;
  setHistory(dataSetId: string): Promise<SetHistory>;
  nameVersion(dataSetId: string, version: number, name: string): Promise<void>;
  /** From one version to another; null for the set as it is now. */
  compareVersions(dataSetId: string, from: number, to: number | null): Promise<SetDifference>;
  /** The set becomes what it was then, as a new version. */
  restoreVersion(dataSetId: string, version: number): Promise<SetVersion>;
  /** All versions but the last, and the pictures that only they had. Throws `usage` while a run trains on the set. */
  forgetVersions(dataSetId: string): Promise<{ readonly freedBytes: number }>;
  /** What became of what weights proposed, picture by picture, the oldest first. */
  proposalRecords(dataSetId: string): Promise<readonly ProposalRecord[]>;
  /** Keeps one, in the place of that of the same picture and weights. */
  keepProposalRecord(dataSetId: string, record: ProposalRecord): Promise<void>;
}

/** What the data worker can be asked about what is wrong in a set. */
export interface CleaningApi {
  /** Throws `not-found`, `cancelled`, `usage` where another check goes on. What was seen is kept for the next. */
  checkDataSet(dataSetId: string, onProgress: (progress: CheckProgress) => void): Promise<CleaningReport>;
  cancelCheck(): Promise<void>;
  /** Mends what is wrong by now as a version of its own; null where nothing is. Throws as `EditApi.changeSet`. */
  applyFix(dataSetId: string, fix: Fix): Promise<SetVersion | null>;
}

/** What the data worker can be asked about the runs that are kept in this browser. */
export interface RunsApi {
  /** Newest first. */
  runs(): Promise<readonly RunSummary[]>;
  /** Throws `not-found`. */
  runHistory(id: string): Promise<RunHistory>;
  renameRun(id: string, name: string): Promise<void>;
  noteRun(id: string, note: string): Promise<void>;
  /** Throws `usage` while it trains. */
  removeRun(id: string): Promise<{ readonly freedBytes: number }>;
  /** One complete `.safetensors`. Throws `not-found`. */
  runWeights(id: string, checkpoint: 'last' | 'best'): Promise<OfferedFile>;
  /** The whole run as a zip: the checkpoint folder, metrics.jsonl, run.json. */
  exportRun(id: string): Promise<OfferedFile>;
}

/** What the data worker can be asked about models of the hub: it alone may ask another server, and asks the user first. */
export interface HubApi {
  /** What is kept, whole or in part, the newest first. */
  hubModels(): Promise<readonly HubModelSummary[]>;
  /**
   * Fetches a model, or the rest of one that is kept in part. Throws `usage`, `not-found`, `network`, `bad-config`,
   * `bad-weights`, `storage` (with `neededBytes` and `freeBytes` where the space is short), `cancelled`. What came stays.
   */
  fetchHubModel(request: HubRequest, onProgress: (progress: HubProgress) => void): Promise<HubModelSummary>;
  cancelHubFetch(): Promise<void>;
  /** Throws `not-found`, `usage` while one is fetched. */
  removeHubModel(name: string): Promise<{ readonly freedBytes: number }>;
}

/** What the data worker can be asked about projects: sets and runs as one file. One goes out or comes in at a time. */
export interface ProjectApi {
  /**
   * Writes sets and runs into `target`, or into a file for the page to offer where none is given. Where it fails or is cancelled
   * no half of a file stays. Throws `usage` for a run that trains, `not-found`, `storage`, `cancelled`.
   */
  exportProject(
    choice: ProjectChoice,
    name: string,
    target: FileSystemFileHandle | null,
    onProgress: (progress: ProjectProgress) => void,
  ): Promise<{ readonly file: OfferedFile | null; readonly receipt: ProjectReceipt }>;
  /**
   * Takes a project in; nothing of what is there changes, and where it fails or is cancelled nothing stays of it. Throws
   * `bad-archive`, `storage` (with `neededBytes` and `freeBytes`), `cancelled`, `usage` where another tab imports.
   */
  importProject(
    file: Blob,
    name: string,
    mode: ProjectMode,
    onProgress: (progress: ProjectProgress) => void,
  ): Promise<ProjectImport>;
  cancelProject(): Promise<void>;
}

export type LibraryApi = DataApi & EditApi & CleaningApi & RunsApi & HubApi & ProjectApi;

/** What the train worker can be asked. */
export interface TrainApi {
  /** Makes the device; throws `gpu-unavailable`. */
  adapter(): Promise<AdapterReport>;
  /** The classes of weights, in the order of their head. Throws `bad-weights`, `bad-config`, `not-found`, `network`. */
  classesOf(weights: WeightsSource): Promise<readonly string[]>;
  /** Takes a few steps that are thrown away. Throws as `start`. */
  estimate(request: RunRequest): Promise<RunEstimate>;
  /**
   * Trains, and keeps the run in this browser. Resolves when the run has ended or was stopped. Throws `usage` where a run
   * goes on, in another tab too.
   */
  start(request: RunRequest, onEvents: (events: readonly TrainEvent[]) => void): Promise<TrainResult>;
  /** Goes on with a kept run from its last checkpoint, with its own settings. Throws `not-found` where it has none. */
  continueRun(runId: string, onEvents: (events: readonly TrainEvent[]) => void): Promise<TrainResult>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the run after the step in hand; its weights stay. */
  stop(): Promise<void>;
  /** The browser froze the tab for so long: that time counts for no rate. */
  wasFrozen(milliseconds: number): Promise<void>;
  /** Destroys the device, to see what follows. Only a development build does so. */
  loseDevice(): Promise<void>;
}

/** Weights as an export, for other programs. */
export interface ExportRequest {
  readonly weights: WeightsSource;
  /** What the weights are called, and so the export. */
  readonly name: string;
  readonly to: ExportKind;
}

/** What came of an export: a file for the page to offer, unless it was written into the one that was given. */
export interface ExportResult {
  readonly file: OfferedFile | null;
  readonly bytes: number;
  readonly receipts: readonly ParityReceipt[];
}

/** How far an export is. */
export type ExportStage = 'opening' | 'checking' | 'checking-half' | 'writing';

/** What the predict worker can be asked. */
export interface PredictApi {
  /** What computes with this engine; our own by default. */
  adapter(engine?: PredictEngine): Promise<AdapterReport>;
  /** Throws `bad-weights`, `bad-config` or `not-found`, and then keeps what it had. */
  load(weights: WeightsSource): Promise<{
    readonly name: string;
    readonly classes: readonly string[];
    /** What can predict with them: an ONNX model is run by transformers.js alone. */
    readonly engines: readonly PredictEngine[];
  }>;
  /** Everything found with a score above `threshold`, best first. Throws `bad-image`. */
  predict(picture: Uint8Array<ArrayBuffer>, threshold: number, engine?: PredictEngine): Promise<Prediction>;
  /**
   * Has other implementations check an export, and then writes it into `target`, or into a file for the page where none is
   * given. Throws `bad-weights` where it is refused, `usage` while another is made.
   */
  exportModel(
    request: ExportRequest,
    target: FileSystemFileHandle | null,
    onStage: (stage: ExportStage) => void,
  ): Promise<ExportResult>;
  /** Runs weights over a split, beside what is loaded for predicting. Throws `bad-weights`, `bad-data-set`, `cancelled`. */
  evaluate(
    request: EvaluationRequest,
    onProgress: (done: number, total: number, secondsLeft: number | null) => void,
  ): Promise<EvaluationResult>;
  cancelEvaluation(): Promise<void>;
  /** Opens the weights that propose boxes from now on, beside what is loaded for predicting. Throws as `load`. */
  openProposer(weights: WeightsSource): Promise<{ readonly classes: readonly string[] }>;
  closeProposer(): Promise<void>;
  /** What they see in a kept picture above `threshold`. Throws `bad-image`, and `not-found` where none are open. */
  lookAt(dataSetId: string, imagePath: string, threshold: number): Promise<LookedAtPicture>;
}

/** The page takes these from here: it may not look into the rooms that they come from. */
export type {
  AddPicturesRequest,
  AddPicturesResult,
  ArrivedSet,
  ArrivingSummary,
  BoxFinding,
  CheckProgress,
  ClassChange,
  ClassFinding,
  CleaningReport,
  DataSetIndex,
  DataSetSummary,
  DetectedBox,
  DuplicateGroup,
  EvalPicture,
  EvalRecord,
  EvaluationReport,
  EvaluationRequest,
  EvaluationResult,
  ExportForm,
  ExportKind,
  FirstViewsRequest,
  Fix,
  GivenFile,
  HubModelSummary,
  HubProgress,
  HubRequest,
  ImportProgress,
  ImportResult,
  ImportSource,
  InterruptedImport,
  LookedAtPicture,
  MemorySaving,
  OfferedSet,
  ParityReceipt,
  PictureViewsRequest,
  PrecisionRecallCurve,
  PredictEngine,
  Prediction,
  Problem,
  ProjectChoice,
  ProjectImport,
  ProjectMode,
  ProjectProgress,
  ProjectReceipt,
  ProjectSettings,
  ProposalRecord,
  RunEstimate,
  RunHistory,
  RunRequest,
  RunStatus,
  RunSummary,
  Sample,
  SampleDifference,
  SeenBox,
  SeenView,
  SetChange,
  SetDifference,
  SetHistory,
  SetVersion,
  StepRecord,
  TrainEvent,
  TrainResult,
  TrainSettings,
  WeightsSource,
};
