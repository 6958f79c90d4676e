import { z } from 'zod';
import { AUGMENTS } from '../base/augment.ts';
import type { ClassRow } from '../base/class-rows.ts';
import { RECIPE_NAMES, SCHEDULES, settingsBeforeRecipes } from '../base/recipes.ts';
import type { DataSetSummary, TrainSettings } from '../rpc/protocol.ts';

/** Everything that makes a run again, as an address carries it. */
export interface LinkedSettings {
  readonly settings: TrainSettings;
  readonly dataSetId: string;
  readonly dataSetName: string;
  readonly dataSetHash: string;
  /** The name of the weights that it starts from. */
  readonly from: string;
  /** From which rows of them classes start, where a person said so. */
  readonly chosenRows?: readonly ClassRow[];
}

type LinkedRun = Omit<LinkedSettings, 'settings'>;

const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const number = (least: number, most: number) => z.coerce.number().min(least).max(most);
/** Written as `none`, so that nothing is not mistaken for something that was forgotten. */
const orNone = (schema: z.ZodType<number>) => z.union([z.literal('none').transform(() => null), schema]);
/** An empty text would be read as 0. */
const text = z.string().min(1);
const written = <Value>(schema: z.ZodType<Value>) => text.pipe(schema as z.ZodType<Value, string>);

const yesOrNo = z.enum(['true', 'false']).transform((value) => value === 'true');

const SETTINGS = {
  recipe: z.union([z.literal('none').transform(() => null), z.enum(RECIPE_NAMES)]),
  steps: written(count(1, 1_000_000)),
  batch: written(count(1, 64)),
  size: written(count(32, 1333)),
  lr: written(number(1e-9, 1)),
  lrBackbone: written(number(0, 1)),
  weightDecay: written(number(0, 1)),
  clip: written(number(0, 1e6)),
  dropout: written(number(0, 0.9)),
  schedule: z.enum(SCHEDULES),
  warmupSteps: written(count(0, 1_000_000)),
  lrDrop: written(orNone(count(1, 1_000_000))),
  headSteps: written(count(0, 1_000_000)),
  freezeBackbone: yesOrNo,
  freezeEncoder: yesOrNo,
  views: written(count(1, 8)),
  // Links that were made before there was a choice have none.
  augment: z.enum(AUGMENTS).default('flip'),
  accumulate: written(count(1, 64)),
  recompute: yesOrNo,
  seed: written(count(0, 2_147_483_647)),
  evalEvery: written(count(0, 1_000_000)),
  evalImages: written(orNone(count(1, 1_000_000))),
  checkpointEvery: written(count(0, 1_000_000)),
  overfitPictures: written(orNone(count(1, 1000))),
  maxSeconds: written(orNone(number(1, 10_000_000))),
} satisfies Record<keyof TrainSettings, z.ZodType>;

const ROWS = z.array(z.tuple([z.string(), z.string().nullable()]));
const rows = z.string().transform((value, context) => {
  try {
    return ROWS.parse(JSON.parse(value)).map(([name, from]): ClassRow => ({ name, from }));
  } catch {
    // The form says that the address could not be read.
    context.addIssue({ code: 'custom', message: 'not a list of rows' });
    return z.NEVER;
  }
});

const QUERY = z.object({
  ...SETTINGS,
  data: text,
  dataName: text,
  dataHash: text,
  from: text,
  rows: rows.optional(),
});

/** The query of `#/train?...` that restores these settings, the seed among them, without its question mark. */
export function settingsToQuery(settings: TrainSettings, run: LinkedRun): string {
  const query = new URLSearchParams();
  for (const key of Object.keys(SETTINGS) as (keyof TrainSettings)[]) query.set(key, String(settings[key] ?? 'none'));
  query.set('data', run.dataSetId);
  query.set('dataName', run.dataSetName);
  query.set('dataHash', run.dataSetHash);
  query.set('from', run.from);
  const chosen = run.chosenRows ?? [];
  if (chosen.length > 0) query.set('rows', JSON.stringify(chosen.map(({ name, from }) => [name, from])));
  return query.toString();
}

/** What such a query asks for, or in a sentence what is wrong with it. */
export function settingsFromQuery(
  query: string,
): { readonly ok: true; readonly asked: LinkedSettings } | { readonly ok: false; readonly problem: string } {
  const asked: Record<string, string> = Object.fromEntries(new URLSearchParams(query));
  const read = QUERY.safeParse({ ...earlySettings(asked), ...asked });
  if (!read.success) {
    const fields = [...new Set(read.error.issues.map(({ path }) => String(path[0])))];
    return {
      ok: false,
      problem: `The address was to restore the settings of a run, but ${list(fields)} could not be read: it may have been cut off. The form is as it was; copy the link again.`,
    };
  }
  const { data, dataName, dataHash, from, rows: chosenRows, ...settings } = read.data;
  return {
    ok: true,
    asked: {
      settings,
      dataSetId: data,
      dataSetName: dataName,
      dataSetHash: dataHash,
      from,
      ...(chosenRows && { chosenRows }),
    },
  };
}

/** What an address that was copied before there were recipes leaves out. */
function earlySettings({ lrDrop }: Readonly<Record<string, string>>): Record<string, string> {
  const early = settingsBeforeRecipes(lrDrop === 'none' ? null : lrDrop);
  return Object.fromEntries(Object.entries(early).map(([key, value]) => [key, String(value ?? 'none')]));
}

/** The set that was asked for: the same content under any name first, else the one of that id. */
export function setOfLink(sets: readonly DataSetSummary[], asked: LinkedSettings): DataSetSummary | null {
  return sets.find(({ hash }) => hash === asked.dataSetHash) ?? sets.find(({ id }) => id === asked.dataSetId) ?? null;
}

/** What the form should say of a set that is not here or not the same, in a sentence; null where all is well. */
export function linkWarning(sets: readonly DataSetSummary[], asked: LinkedSettings): string | null {
  const set = setOfLink(sets, asked);
  const name = `“${asked.dataSetName}”`;
  if (set === null) {
    return `These settings were made for the data set ${name}, which is not in this browser. Import it, or go on with another set: the result will be another.`;
  }
  if (set.hash === asked.dataSetHash) return null;
  return `The data set ${name} has changed since these settings were made (its content was ${asked.dataSetHash.slice(0, 8)} and is ${set.hash.slice(0, 8)}): the result will be another.`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 4).map((name) => `"${name}"`);
  return names.length > 4 ? `${shown.join(', ')} and ${names.length - 4} more` : shown.join(', ');
}
