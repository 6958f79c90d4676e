/** Choices about showing that go along with a project. */
export interface ProjectSettings {
  /** Places in the palette (`CLASS_COLOURS`) that were chosen for classes, by name. */
  readonly classColours: Readonly<Record<string, number>>;
  /** Weight of the past in the smoothed loss, 0..0.99. */
  readonly smoothing: number;
  /** Boxes below this score are not shown, 0.05..1. */
  readonly threshold: number;
}

/** What of this browser goes into a project. */
export interface ProjectChoice {
  /** Ids of sets; the one that came with the studio is no part of a project. */
  readonly sets: readonly string[];
  readonly runs: readonly string[];
  readonly settings: ProjectSettings;
}

/**
 * How what comes in meets what is there. `merge`: sets and runs with the same content are not added again. `beside`: all comes
 * in anew, under ids of its own. Neither changes what was there.
 */
export type ProjectMode = 'merge' | 'beside';

/** How far a project is on its way out or in. */
export interface ProjectProgress {
  readonly way: 'out' | 'in';
  /** The file's name; empty where nobody has given it one. */
  readonly name: string;
  readonly bytesDone: number;
  /** Of pictures and weights; an estimate on the way out, where sets share pictures. */
  readonly bytesTotal: number;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** What a project file came to. */
export interface ProjectReceipt {
  readonly sets: number;
  readonly runs: number;
  /** Files in the zip that the manifest lists. */
  readonly parts: number;
  /** Of the whole file. */
  readonly bytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
}

/** Something of a project, as it is in this browser now. */
export interface TakenIn {
  readonly id: string;
  readonly name: string;
}

/** What came of a project that was opened. */
export interface ProjectImport {
  readonly sets: { readonly added: readonly TakenIn[]; readonly there: readonly TakenIn[] };
  readonly runs: { readonly added: readonly TakenIn[]; readonly there: readonly TakenIn[] };
  /** Null in a file of version 1, which had none. */
  readonly settings: ProjectSettings | null;
  /** Parts whose sha256 was compared: all of them. */
  readonly parts: number;
  readonly bytes: number;
}
