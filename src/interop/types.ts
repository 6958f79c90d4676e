/** Which weights are meant: those that came with the studio, those of a run in this browser, of the hub, or files that a person gave. */
export type WeightsSource =
  | { readonly kind: 'bundled' }
  | { readonly kind: 'run'; readonly runId: string; readonly checkpoint: 'last' | 'best' }
  /** A model of the hub that is kept here, by its name: `owner/name` or `owner/name@revision`. */
  | { readonly kind: 'hub'; readonly name: string }
  /** A `.safetensors` with or without its config.json, the files of a folder, or a zip of one. */
  | {
      readonly kind: 'files';
      readonly name: string;
      readonly files: readonly { readonly path: string; readonly file: Blob }[];
    };

/** Bytes that are read where they lie, a part at a time. */
export interface ByteSource {
  readonly byteLength: number;
  /** Bytes `begin` to `end` in memory of the caller's own. Throws `storage` or `not-found` where they are gone. */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** What is known of a file of the hub: bytes that were kept belong to this content and no other. */
export interface HubFile {
  readonly name: string;
  /** Null where the hub does not say. */
  readonly byteLength: number | null;
  /** In hexadecimal; null for small files, which the hub has no such hash of, and where a mirror does not say. */
  readonly sha256: string | null;
  /** Of the server that sent what is kept; null before that, and where it does not say. */
  readonly etag: string | null;
}

/** What is kept of a model of the hub, whole or in part. */
export interface HubRecord {
  /** `owner/name` or `owner/name@revision`; one record each. */
  readonly name: string;
  /** The address of the hub that it came from. */
  readonly hub: string;
  /** The commit that the revision stood for; null where the hub did not say. */
  readonly commit: string | null;
  /** Put last: without it nothing of the model is ever loaded. */
  readonly complete: boolean;
  readonly files: readonly HubFile[];
  /** Milliseconds since 1970. */
  readonly fetchedAtMs: number;
}

/** Port: where models of the hub are kept. Each call happens whole or not at all; a write that is refused throws `storage`. */
export interface HubStore {
  /** What to call it to people. */
  readonly place: string;
  records(): Promise<readonly HubRecord[]>;
  record(name: string): Promise<HubRecord | null>;
  putRecord(record: HubRecord): Promise<void>;
  /** How much of a file is kept; 0 where nothing is. */
  keptBytes(name: string, file: string): Promise<number>;
  /** Adds bytes to the end of a file, which must be at `at`. */
  append(name: string, file: string, at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  source(name: string, file: string): Promise<ByteSource>;
  /** Forgets a file. */
  removeFile(name: string, file: string): Promise<void>;
  /** Forgets the model with all its files. */
  remove(name: string): Promise<void>;
  /** Room for more; null where that is not known. */
  freeBytes(): Promise<number | null>;
}

/** A model of the hub as people see it. */
export interface HubModelSummary {
  readonly name: string;
  readonly hub: string;
  readonly commit: string | null;
  readonly complete: boolean;
  /** What is kept. */
  readonly bytes: number;
  /** Of all its files; null where the hub did not say. */
  readonly totalBytes: number | null;
  readonly fetchedAtMs: number;
}

/** How far fetching a model is. */
export interface HubProgress {
  readonly name: string;
  readonly phase: 'asking' | 'fetching';
  /** The file under way; empty while the hub is asked what there is. */
  readonly file: string;
  readonly bytesDone: number;
  readonly bytesTotal: number | null;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** What fetching a model asks for. */
export interface HubRequest {
  readonly name: string;
  /** Address of the hub or its mirror. */
  readonly hub: string;
  /** For private and gated models; sent to the hub alone. */
  readonly token: string | null;
}

/** What the user is asked before a hub is. */
export interface HubConsent {
  readonly hub: string;
  readonly url: string;
  /** What is fetched, in words. */
  readonly what: string;
  readonly withToken: boolean;
}

/** What is known of where a model comes from, for its card. */
export interface ModelFacts {
  readonly name: string;
  /** What its weights began as. */
  readonly from: string | null;
  readonly dataSet: { readonly name: string; readonly hash: string } | null;
  readonly settings: Readonly<Record<string, unknown>> | null;
  /** The evaluation that these weights were kept for, or the last one. */
  readonly metrics: {
    readonly step: number;
    readonly map50: number | null;
    readonly AP: number | null;
    /** AP50 of each class that the split has. */
    readonly ap50OfClass: Readonly<Record<string, number | null>>;
  } | null;
  readonly curve: {
    readonly losses: readonly { readonly step: number; readonly loss: number }[];
    readonly evals: readonly { readonly step: number; readonly map50: number | null }[];
  };
}
