import { z } from 'zod';
import { CLASS_COLOURS } from '../base/class-colours.ts';
import { PROJECT_FORMAT } from '../base/project-format.ts';
import { count, problemSchema, sampleSchema, sha256 } from '../data/sample-schema.ts';
import type { DataSetIndex, DataSetSummary, OpenEdits, ProposalRecord, StoredVersion } from '../data/types.ts';
import type { EvalRecord, RunSummary, StepRecord } from '../train/types.ts';
import type { ProjectSettings } from './types.ts';

/** The version of the format that is written; later ones are refused. */
export const PROJECT_VERSION = 2;

/** One file of the zip. */
export interface ProjectPart {
  readonly path: string;
  readonly byteLength: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** detrain-project.json: what the zip holds, written last, when all of it is known. */
export interface ProjectManifest {
  readonly format: typeof PROJECT_FORMAT;
  readonly version: number;
  readonly madeAtMs: number;
  /** The n-th, from 1, is in `sets/n.json`. */
  readonly sets: readonly { readonly id: string; readonly name: string; readonly hash: string }[];
  /** The n-th, from 1, is in the folder `runs/n`. */
  readonly runs: readonly { readonly id: string; readonly name: string }[];
  readonly parts: readonly ProjectPart[];
}

/** A set with all that is kept of it but the pictures' bytes. */
export interface SetDocument {
  readonly summary: DataSetSummary;
  /** As of the newest version. */
  readonly index: DataSetIndex;
  readonly versions: readonly StoredVersion[];
  readonly edits: OpenEdits;
  /** Left out where nothing was proposed. */
  readonly proposals?: readonly ProposalRecord[];
  /** Every picture's path and sha256. */
  readonly pictures: readonly (readonly [path: string, sha256: string])[];
}

/** A checkpoint's files, each in chunks as it is kept. */
export interface CheckpointDocument {
  readonly kind: 'last' | 'best';
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly chunks: number;
    readonly sha256: string;
  }[];
}

/** A run with all that is kept of it but its metrics and its weights' bytes. */
export interface RunDocument {
  readonly summary: RunSummary;
  readonly run: Readonly<Record<string, unknown>>;
  readonly checkpoints: readonly CheckpointDocument[];
}

/** Since version 2. */
export const SETTINGS_PATH = 'settings.json';
export const setPath = (number: number): string => `sets/${number}.json`;
export const picturePath = (sha256: string): string => `pictures/${sha256}`;
export const runPath = (number: number): string => `runs/${number}/run.json`;
export const metricsPath = (number: number): string => `runs/${number}/metrics.jsonl`;
export const chunkPath = (run: number, kind: string, file: number, chunk: number): string =>
  `runs/${run}/${kind}/${file}.${chunk}`;

const id = z.string().regex(/^[A-Za-z0-9][\w.-]{0,127}$/);
const text = z.string().refine((value) => value !== '__proto__');
const splitNames = z.record(text, z.array(text));

const sample = sampleSchema(text, z.string().min(1));
const boxDifference = z.object({ added: count, removed: count, changed: count });
const storedVersion = z.object({
  version: z.object({
    number: count.positive(),
    name: z.string().nullable(),
    what: z.string(),
    madeAtMs: z.number(),
    hash: z.string(),
    images: count,
    boxes: count,
    difference: z.object({ picturesAdded: count, picturesRemoved: count, picturesMoved: count, boxes: boxDifference }),
  }),
  undo: z.object({
    samples: z.array(sample).exactOptional(),
    removed: z.array(text).exactOptional(),
    classes: z.array(text).exactOptional(),
    splits: splitNames.exactOptional(),
  }),
});
/** What a manifest of this version has; the version is looked at before. */
export const manifestSchema = z.object({
  format: z.literal(PROJECT_FORMAT),
  version: count.positive(),
  madeAtMs: z.number(),
  sets: z.array(z.object({ id, name: z.string(), hash: z.string() })),
  runs: z.array(z.object({ id, name: z.string() })),
  parts: z.array(z.object({ path: z.string(), byteLength: count, sha256 })),
}) satisfies z.ZodType<ProjectManifest>;

export const settingsSchema = z.object({
  classColours: z.record(text, count.max(CLASS_COLOURS.length - 1)),
  smoothing: z.number().min(0).max(0.99),
  threshold: z.number().min(0.05).max(1),
}) satisfies z.ZodType<ProjectSettings>;

export const setSchema = z.object({
  summary: z.object({
    id,
    name: z.string(),
    bundled: z.literal(false),
    images: count,
    boxes: count,
    classes: z.array(text),
    splits: z.record(text, count),
    problems: count,
    bytes: count,
    hash: z.string(),
    importedAtMs: z.number().nullable(),
    version: count.exactOptional(),
    edited: count.exactOptional(),
    revision: count.exactOptional(),
  }),
  index: z.object({
    id,
    name: z.string(),
    classes: z.array(text),
    samples: z.array(sample),
    splits: splitNames,
    problems: z.array(problemSchema),
    hash: sha256,
  }),
  versions: z.array(storedVersion),
  edits: z.object({ samples: z.array(sample), classes: z.array(text).nullable() }),
  proposals: z
    .array(
      z.object({
        ...{ weights: text, weightsName: z.string(), sampleId: text, atMs: z.number() },
        ...{ proposed: count, accepted: count, changed: count, refused: count, drawn: count },
      }),
    )
    .exactOptional(),
  pictures: z.array(z.tuple([z.string().min(1), sha256])),
}) satisfies z.ZodType<SetDocument>;

const figures = z.looseObject({ step: count });
/** Settings grow from version to version: what this one needs has its type, what it does not know is carried along. */
const settings = z.looseObject({
  size: count,
  steps: count,
  batch: count,
  seed: z.number(),
  lrDrop: z.number().nullish(),
});

export const runSchema = z.object({
  summary: z.looseObject({
    id,
    name: z.string(),
    note: z.string(),
    status: z.enum(['going', 'interrupted', 'done', 'stopped', 'failed']),
    message: z.string().nullable(),
    dataSet: z.object({ id, name: z.string(), hash: z.string(), version: count.exactOptional() }),
    from: z.string(),
    settings,
    classes: z.array(text),
    stepsDone: count,
    checkpointStep: count.nullable(),
    startedAtMs: z.number(),
    seconds: z.number(),
    best: figures.nullable(),
    bytes: count,
  }),
  run: z.record(text, z.unknown()),
  checkpoints: z.array(
    z.object({
      kind: z.enum(['last', 'best']),
      files: z.array(z.object({ name: z.string().regex(/^[\w][\w.-]*$/), bytes: count, chunks: count, sha256 })),
    }),
  ),
});

const step = z.looseObject({
  step: count,
  epoch: z.number(),
  loss: z.number(),
  loss_ce: z.number(),
  loss_bbox: z.number(),
  loss_giou: z.number(),
  lr: z.number(),
});
const score = z.number().nullable();
const evaluation = z.looseObject({
  step: count,
  eval: z.looseObject({
    voc: z.looseObject({ map50: score, per_class: z.record(z.string(), z.unknown()) }),
    coco: z.looseObject({ AP: score, per_class: z.record(z.string(), score) }),
  }),
});

export const metricSchema = z.union([step, evaluation]) as unknown as z.ZodType<StepRecord | EvalRecord>;
