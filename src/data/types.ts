import type { ServerFetch } from '../base/ask-server.ts';
import type { BoxXyxy, Size } from '../base/boxes.ts';
import type { OpenEdits, StoredVersion } from './versions/types.ts';

/** One labelled box of a picture. */
export interface AnnotatedObject {
  readonly className: string;
  /** Pixels of the picture as it is displayed (EXIF applied), clamped to it. */
  readonly boxXyxyPx: BoxXyxy;
  /** Trained on; counts neither for nor against in evaluation. */
  readonly difficult: boolean;
  readonly truncated: boolean;
  /** Partly behind something else. Bears on no training and no figure. */
  readonly occluded?: true;
  /** COCO's `iscrowd`: one box around many. Never trained on; a detection in it counts neither for nor against. */
  readonly crowd?: true;
}

/** One picture of a data set with its boxes. */
export interface Sample {
  /** The file's stem, unique within the set. */
  readonly id: string;
  readonly imagePath: string;
  /** As displayed (EXIF applied), read from the picture's own header. */
  readonly size: Size;
  readonly objects: readonly AnnotatedObject[];
  /** False where there is no annotation file: not the same as a labelled picture without boxes, and never trained on. */
  readonly labelled: boolean;
}

/** One file that was refused, or taken with a repair, and why. */
export interface Problem {
  readonly file: string;
  readonly severity: 'refused' | 'warning';
  /** A full sentence: what was found, and what was done about it. */
  readonly reason: string;
}

/** A named part of a data set that is trained or evaluated on. */
export type SplitName = string;

export interface DataSet {
  readonly name: string;
  /** All class names in its annotations, sorted by code point; the index is the label id. */
  readonly classes: readonly string[];
  readonly samples: readonly Sample[];
  /** Sample ids by split, in the order of the list file, each once. Holds labelled samples only. */
  readonly splits: Readonly<Record<SplitName, readonly string[]>>;
  readonly problems: readonly Problem[];
  /** sha256 over ids, boxes and picture bytes, in hexadecimal. */
  readonly hash: string;
  /** The encoded bytes of a picture. Throws `StudioError` not-found. */
  imageBytes(sampleId: string): Promise<Uint8Array>;
}

/** Port: a set of named files, from a folder or an archive. Paths use `/`, and never leave the root. */
export interface FileTree {
  readonly name: string;
  /** Every regular file. Unsafe or unreadable entries are left out and stand in `problems`. */
  readonly files: ReadonlyMap<string, FileEntry>;
  readonly problems: readonly Problem[];
}

export interface FileEntry {
  readonly byteLength: number;
  read(): Promise<Uint8Array>;
  /** Of a picture that was looked at while it passed: it is not read again for them. */
  readonly facts?: PictureFacts;
}

/** What is known of a picture's bytes: `refused` is why they are no picture, in a full sentence. */
export type PictureFacts =
  | { readonly header: ImageHeader /** In hexadecimal. */; readonly sha256: string }
  | { readonly refused: string };

/** Port: bytes of a set's shard. Throws `not-found`, and `bad-archive` where the shard is shorter than that. */
export type ReadShard = (name: string, byteOffset: number, byteLength: number) => Promise<Uint8Array<ArrayBuffer>>;

/** One regular file of an archive or a folder that is read from its beginning to its end. */
export interface SourceEntry {
  /** Safe: `/` between names, never out of the root. */
  readonly path: string;
  /** As the source claims. */
  readonly byteLength: number;
  /** Its bytes; may be called once, before the next entry is asked for. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** An archive that comes from another server. */
export interface FetchedArchive {
  readonly name: string;
  /** As the server says, of what is sent: a body that is compressed on the way becomes longer. Null where it does not say. */
  readonly byteLength: number | null;
  /** Errors with `network` where the server stalls, breaks off, or sends more than the bound. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Port: fetches an archive from another server, once the user has agreed. Throws `usage`, `network`, `cancelled`. */
export type FetchArchive = (url: string, signal?: AbortSignal) => Promise<FetchedArchive>;

/** A set in shards that the studio's own server offers. */
export interface OfferedSet {
  readonly name: string;
  /** Of its index. */
  readonly url: string;
  readonly images: number;
  readonly boxes: number;
  /** Of its pictures. */
  readonly bytes: number;
  /** Of its content, as the set has it once it is imported. */
  readonly hash: string;
}

/** What is to be fetched from below one address. */
export interface FetchQuestion {
  /** The folder's address, without a slash at the end. */
  readonly below: string;
  /** What is fetched first. */
  readonly url: string;
  /** What is fetched, in words. */
  readonly what: string;
}

/**
 * Port: many requests below one address, of which the user is asked once where that is another server. Throws `cancelled`
 * where the user refuses.
 */
export type FetchBelow = (question: FetchQuestion, signal: AbortSignal) => Promise<ServerFetch>;

/** A decoded picture: 8 bits a channel, EXIF orientation applied, colour profile not applied, alpha dropped. */
export interface RgbImage {
  readonly size: Size;
  /** `[h, w, 3]` u8, row-major. */
  readonly data: Uint8Array;
}

/** Decodes JPEG, PNG, WebP, GIF or BMP whatever the file's name. Throws `StudioError` bad-image. */
export type DecodeImage = (bytes: Uint8Array) => Promise<RgbImage>;

export type ImageFormat = 'jpg' | 'png' | 'webp' | 'gif' | 'bmp';

/** How the stored pixels are to be turned for showing: EXIF's tag 274, 1 (as stored) to 8. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a picture's header says. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** As stored in the file. */
  readonly storedSize: Size;
  /** As displayed, after turning. */
  readonly size: Size;
  /** Read from JPEG alone; other formats are shown as stored. */
  readonly orientation: Orientation;
}

/** Port: decodes bytes whose header was read and found good; `decodeWith` makes a `DecodeImage` of it. */
export type DecodePixels = (bytes: Uint8Array, header: ImageHeader) => Promise<RgbImage>;

/** Reads an archive's stream into a tree: what the platform's file trees are given to open an archive with. */
export type ReadArchive = (stream: ReadableStream<Uint8Array<ArrayBuffer>>, name: string) => Promise<FileTree>;

/** A set that is kept in this browser or came with the studio, in figures. */
export interface DataSetSummary {
  readonly id: string;
  readonly name: string;
  /** Came with the studio: takes no space of its own and cannot be deleted. */
  readonly bundled: boolean;
  readonly images: number;
  readonly boxes: number;
  readonly classes: readonly string[];
  /** Pictures by split. */
  readonly splits: Readonly<Record<SplitName, number>>;
  readonly problems: number;
  /** On disk. */
  readonly bytes: number;
  /** Of the last version; what was edited since is not in it. */
  readonly hash: string;
  readonly importedAtMs: number | null;
  /** The number of the last version; absent where there is the imported one alone. */
  readonly version?: number;
  /** Pictures that were edited since the last version; absent for none. */
  readonly edited?: number;
  /** Another number after every change of what the set holds; absent where there was none. */
  readonly revision?: number;
  /** The set or import whose pictures these are; left out where it has its own. */
  readonly picturesOf?: string;
}

/** Everything of a set but its pictures' bytes. */
export interface DataSetIndex extends Omit<DataSet, 'imageBytes'> {
  readonly id: string;
  readonly picturesOf?: string;
}

/** A file that a person gave, with its path inside what was given: a name alone where single files were. */
export interface GivenFile {
  readonly path: string;
  readonly file: Blob;
}

/**
 * Where a data set is imported from: archives (one or several shards, with their index or without), the files of a folder, or
 * the address of an archive, or of a set in shards (its index, or the folder that has it).
 */
export type ImportSource =
  | ({ readonly kind: 'files'; readonly name: string; readonly files: readonly GivenFile[] } & CutOffChoice)
  | ({ readonly kind: 'address'; readonly url: string } & CutOffChoice);

/** What a person decided about an archive that is cut off, or shards that are missing or damaged. */
export interface CutOffChoice {
  /** Take the complete pictures, as a set that is named incomplete; refused without it. */
  readonly takeCutOff?: boolean;
}

/** The forms in which a set is written. */
export type ExportForm = 'voc' | 'coco' | 'yolo';

/** What became of what weights proposed for one picture, as far as a person has decided. */
export interface ProposalRecord {
  /** Names the weights for good. */
  readonly weights: string;
  /** What people call them. */
  readonly weightsName: string;
  readonly sampleId: string;
  readonly atMs: number;
  /** Boxes that were shown. */
  readonly proposed: number;
  readonly accepted: number;
  /** Taken with another place, size or class. */
  readonly changed: number;
  readonly refused: number;
  /** Boxes of the picture that nobody proposed. */
  readonly drawn: number;
}

/** A set as a tar. */
export interface ExportedSet {
  readonly name: string;
  readonly blob: Blob;
  /** What the form has no place for, of what the set has: full sentences. */
  readonly lost: readonly string[];
}

/** How far an import is. */
export interface ImportProgress {
  readonly name: string;
  readonly phase: 'reading' | 'finishing';
  /** Of the source as given, compressed where it is. */
  readonly bytesDone: number;
  /** Null where the source does not say. */
  readonly bytesTotal: number | null;
  readonly picturesDone: number;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

export interface ImportResult {
  readonly summary: DataSetSummary;
  /** True where a set with this content was there before: nothing was added, and `summary` is that one. */
  readonly alreadyThere: boolean;
  /** Pictures that an import that was broken off had stored before. */
  readonly resumedPictures: number;
  readonly problems: readonly Problem[];
}

/** An import that did not come to its end: given the same files or the same address again it goes on. */
export interface InterruptedImport {
  readonly id: string;
  readonly name: string;
  /** Where it was fetched from; null where files were given. */
  readonly address: string | null;
  readonly picturesStored: number;
  readonly bytesStored: number;
  readonly startedAtMs: number;
}

/** A set as it is kept: figures, and everything but the pictures' bytes. */
export interface StoredDataSet {
  readonly summary: DataSetSummary;
  readonly index: DataSetIndex;
  /** By path, in hexadecimal, where they are known: what the hash of a later version is computed from. */
  readonly pictureSha256?: Readonly<Record<string, string>>;
  /** Of a set that comes with its history: the index is that of the newest. */
  readonly versions?: readonly StoredVersion[];
  /** What was edited since the newest version. */
  readonly edits?: OpenEdits;
  readonly proposals?: readonly ProposalRecord[];
}

/** The figures of a set whose pictures are still coming: of those that are stored by now. */
export interface ArrivingSummary extends DataSetSummary {
  /** Whether what is stored by now can be kept as a set of its own. */
  readonly canBeKept: boolean;
}

/** A set as far as it has come. */
export interface ArrivedSet {
  readonly summary: ArrivingSummary;
  readonly index: DataSetIndex;
}

/** The beginning of an import, as it is kept until the import has ended. Its id becomes the set's. */
export interface ImportJournal {
  readonly id: string;
  readonly name: string;
  /** What was given: names and sizes, or an address. The same again goes on with this import. */
  readonly source: string;
  /** Where it is fetched from, as a person gave it; left out where files were given. */
  readonly address?: string;
  readonly startedAtMs: number;
}

/** A picture that an import has stored. */
export interface JournalPicture {
  readonly path: string;
  readonly byteLength: number;
  readonly header: ImageHeader;
  readonly sha256: string;
}

/** Port: the space that is taken by what training keeps of sets and can make anew; of all sets where none is named. */
export interface FeatureSpace {
  bytes(setId?: string): Promise<number>;
  remove(setId?: string): Promise<void>;
}

/** A picture on its way into the store. */
export interface PictureBytes {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Port: keeps data sets. Each write is one transaction: all of it or nothing. A write that fails throws `storage`, with
 * `neededBytes` and `freeBytes` (null where that is not known) in its details.
 */
export interface DataSetStore {
  /** Sets with an index, in no order. */
  summaries(): Promise<readonly DataSetSummary[]>;
  /** As of the last version. */
  index(id: string): Promise<DataSetIndex | null>;
  /** The set is there from this moment on. */
  writeSet(set: StoredDataSet): Promise<void>;
  /** Null where it was not kept. */
  pictureSha256(setId: string): Promise<Readonly<Record<string, string>> | null>;
  writePictureSha256(setId: string, sha256: Readonly<Record<string, string>>): Promise<void>;
  /** What the pictures look like, by their sha256 (`perceptualHash`); null where nothing is kept. */
  looks(setId: string): Promise<Readonly<Record<string, string>> | null>;
  writeLooks(setId: string, looks: Readonly<Record<string, string>>): Promise<void>;
  /** Of what weights proposed, in no order. */
  proposalRecords(setId: string): Promise<readonly ProposalRecord[]>;
  /** In the place of that of the same picture and weights. */
  writeProposalRecord(setId: string, record: ProposalRecord): Promise<void>;
  /** A number that is another one after every write of an index or of edits. */
  revision(setId: string): Promise<number>;
  openEdits(setId: string): Promise<OpenEdits>;
  /** Adds to the open edits, in place of those of the same pictures. */
  writeEdits(setId: string, edits: OpenEdits, summary: DataSetSummary): Promise<void>;
  /** In the order of their numbers. */
  versions(setId: string): Promise<readonly StoredVersion[]>;
  /** Those versions, in place of what has their numbers, the index and the summary of the newest; no edits are open then. */
  writeVersions(versions: readonly StoredVersion[], index: DataSetIndex, summary: DataSetSummary): Promise<void>;
  /** In place of the version of its number: its name is another one. */
  renameVersion(setId: string, version: StoredVersion): Promise<void>;
  /** All but the newest are forgotten. */
  removeVersionsBefore(setId: string, number: number): Promise<void>;
  /** The index goes first. */
  removeSet(id: string): Promise<void>;
  picture(setId: string, path: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Pictures of the same path are replaced. */
  writePictures(setId: string, pictures: readonly PictureBytes[]): Promise<void>;
  removePictures(setId: string, paths: readonly string[]): Promise<void>;
  picturePaths(setId: string): Promise<readonly string[]>;
  /** Ids that have a picture, whether or not there is an index or a journal. */
  idsOfPictures(): Promise<readonly string[]>;
  journals(): Promise<readonly ImportJournal[]>;
  writeJournal(journal: ImportJournal): Promise<void>;
  /** Adds what one batch has stored, as the journal's part of that number. */
  writeJournalPictures(importId: string, batch: number, pictures: readonly JournalPicture[]): Promise<void>;
  /** All batches' pictures, in order of the batches. */
  journalPictures(importId: string): Promise<readonly JournalPicture[]>;
  /** The journal alone, without the pictures. */
  removeJournal(importId: string): Promise<void>;
}

/** What stands in files of its own; other rooms take its types from here. */
export type { AddPicturesRequest, AddPicturesResult } from './adding/types.ts';
export type {
  BoxFinding,
  CheckProgress,
  ClassFinding,
  CleaningReport,
  DuplicateGroup,
  Fix,
} from './cleaning/types.ts';
export type {
  Batch,
  FirstViewsRequest,
  PictureViewsRequest,
  PictureWork,
  PlannedPicture,
  PreprocessorConfig,
  SeenBox,
  SeenView,
  Target,
} from './training-types.ts';
export type {
  BoxDifference,
  ClassChange,
  OpenEdits,
  SampleDifference,
  SetChange,
  SetDifference,
  SetHistory,
  SetVersion,
  StoredVersion,
} from './versions/types.ts';
