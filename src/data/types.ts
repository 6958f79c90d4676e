import type { BoxXyxy, Size } from '../base/boxes.ts';

/** One labelled box of a picture. */
export interface AnnotatedObject {
  readonly className: string;
  /** Pixels of the picture as it is displayed (EXIF applied), clamped to it. */
  readonly boxXyxyPx: BoxXyxy;
  /** Trained on; counts neither for nor against in evaluation. */
  readonly difficult: boolean;
  readonly truncated: boolean;
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
}

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

/** What the model learns from one picture. */
export interface Target {
  /** `[n]` i32. */
  readonly classIds: Int32Array;
  /** `[n, 4]` f32, cxcywh, fraction of the picture (without padding). */
  readonly boxesCxcywhNorm: Float32Array;
}

/** Pictures of one step, padded at the right and below to a fixed size. */
export interface Batch {
  readonly sampleIds: readonly string[];
  /** The padded size, one of a few. */
  readonly size: Size;
  /** `[B, h, w, 3]` f32, normalised; zero where padded. */
  readonly pixelsNhwc: Float32Array;
  /** The real part of each picture, from the top left corner. */
  readonly validSizes: readonly Size[];
  readonly targets: readonly Target[];
}

/** preprocessor_config.json, as far as it bears on pixels. */
export interface PreprocessorConfig {
  readonly shortestEdge: number;
  readonly longestEdge: number;
  /** Per channel, of values in 0..1. */
  readonly imageMean: readonly [number, number, number];
  readonly imageStd: readonly [number, number, number];
}
