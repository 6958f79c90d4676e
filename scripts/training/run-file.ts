import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AUGMENTS } from '../../src/base/augment.ts';
import { StudioError } from '../../src/base/errors.ts';
import { RECIPE_NAMES, SCHEDULES, settingsBeforeRecipes } from '../../src/base/recipes.ts';
import { RUN_FILE } from '../../src/platform/node/run-store.ts';
import type { TrainSettings } from '../../src/train/types.ts';
import { isMissing, unreadableFile } from '../cli/input-file.ts';

const settingsSchema = z.looseObject({
  recipe: z.enum(RECIPE_NAMES).nullable(),
  steps: z.int().positive(),
  batch: z.int().positive(),
  accumulate: z.int().positive(),
  recompute: z.boolean(),
  size: z.int().positive(),
  lr: z.number().nonnegative(),
  lrBackbone: z.number().nonnegative(),
  weightDecay: z.number().nonnegative(),
  clip: z.number().nonnegative(),
  dropout: z.number().min(0).max(0.99),
  schedule: z.enum(SCHEDULES),
  warmupSteps: z.int().nonnegative(),
  lrDrop: z.int().nonnegative().nullable(),
  headSteps: z.int().nonnegative(),
  freezeBackbone: z.boolean(),
  // The first runs mirrored always.
  augment: z.enum(AUGMENTS).default('flip'),
  seed: z.int(),
  evalEvery: z.int().nonnegative(),
  evalImages: z.int().positive().nullable(),
  checkpointEvery: z.int().nonnegative(),
  // Runs of the first version have none of these.
  freezeEncoder: z.boolean().default(false),
  views: z.int().positive().default(1),
  overfitPictures: z.int().positive().nullable().default(null),
  maxSeconds: z.number().positive().nullable(),
}) satisfies z.ZodType<TrainSettings>;

const runSchema = z.looseObject({
  /** What `--data` and `--model` named. */
  data: z.string(),
  model: z.string(),
  dataHash: z.string(),
  carriedClasses: z.int().nonnegative(),
  /** Runs of the first versions do not say. */
  classRows: z.array(z.object({ name: z.string(), from: z.string().nullable() })).optional(),
  settings: z.preprocess(withEarlySettings, settingsSchema),
});

/** Settings as a run has them now, from those of any version. */
function withEarlySettings(found: unknown): unknown {
  if (typeof found !== 'object' || found === null) return found;
  return { ...settingsBeforeRecipes('lrDrop' in found ? found.lrDrop : null), ...found };
}

/** What a run is resumed from: run.json, of which only these fields are looked at; all others are kept. */
export type RunFile = z.infer<typeof runSchema>;

/** Reads a run's run.json. Throws `not-found`, or `bad-config` naming the field. */
export async function readRunFile(folder: string): Promise<RunFile> {
  const path = join(folder, RUN_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (!isMissing(cause)) throw unreadableFile(path, cause);
    throw new StudioError(
      'not-found',
      `${folder} is no run: it has no ${RUN_FILE}; expected a folder that "npm run train" wrote.`,
      { folder },
      { cause },
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new StudioError('bad-config', `${path} is not JSON; start a new run from its weights.`, {}, { cause });
  }
  const parsed = runSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new StudioError(
    'bad-config',
    `${path}: "${issue?.path.join('.')}" is not as expected (${issue?.message}); start a new run from its weights.`,
  );
}
