import { z } from 'zod';
import { StudioError } from '../base/errors.ts';
import { longestEdgeFor } from './resized-size.ts';
import type { PreprocessorConfig } from './types.ts';

/** What a preprocessor_config.json says, and the whole of it for writing it back. */
export interface PreprocessorFile {
  readonly config: PreprocessorConfig;
  /** Every field as it was read, those unknown here too. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const BILINEAR = 2;
const triple = z.tuple([z.number(), z.number(), z.number()]);
const edge = z.int().positive().max(16384);
/** A picture that just fits into a square has the square's side as its longest edge, and its shortest follows. */
const largestSquare = z
  .object({ max_height: edge, max_width: edge })
  .refine(({ max_height, max_width }) => max_height === max_width, 'max_height and max_width must be equal')
  .transform(({ max_height }) => ({ shortest_edge: max_height, longest_edge: max_height }));
const paddedTo = z.object({ height: z.number(), width: z.number() });
const schema = z.object({
  do_resize: z.literal(true).default(true),
  // Older files give the shortest edge alone, and max_size beside.
  // The Trainer's example saves the largest height and width, equal.
  size: z.union([edge, z.object({ shortest_edge: edge, longest_edge: edge.optional() }), largestSquare]).default(800),
  max_size: edge.optional(),
  resample: z.literal(BILINEAR).default(BILINEAR),
  do_rescale: z.literal(true).default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: triple.default([0.485, 0.456, 0.406]),
  image_std: triple.refine((std) => std.every((s) => s > 0), 'must be above 0').default([0.229, 0.224, 0.225]),
});

/**
 * Reads the text of a preprocessor_config.json as `DetrImageProcessor` does. Throws `bad-config` naming the field for what
 * is not done here: pictures that are not resized or rescaled, another filter than bilinear, fixed sizes.
 */
export function parsePreprocessorConfig(text: string, name = 'preprocessor_config.json'): PreprocessorFile {
  const fields = z.record(z.string(), z.unknown()).safeParse(parseJson(text, name));
  if (!fields.success) {
    throw new StudioError('bad-config', `${name} is not a JSON object; fetch it again from where the weights are.`);
  }
  const parsed = schema.safeParse(fields.data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    const message = `${name} has a ${field} that is not read (${issue?.message}); use a DETR checkpoint's own file.`;
    throw new StudioError('bad-config', message, { field });
  }
  const { size, max_size, rescale_factor, do_normalize, image_mean, image_std } = parsed.data;
  const shortestEdge = typeof size === 'number' ? size : size.shortest_edge;
  const longestEdge =
    (typeof size === 'number' ? undefined : size.longest_edge) ?? max_size ?? longestEdgeFor(shortestEdge);
  // Levels are taken as fractions of 255 here; another factor is put into mean and deviation.
  const unit = 255 * rescale_factor;
  const exact = Math.abs(unit - 1) < 1e-6;
  const scale = (values: readonly [number, number, number]): [number, number, number] =>
    exact ? [values[0], values[1], values[2]] : [values[0] / unit, values[1] / unit, values[2] / unit];
  return {
    config: {
      shortestEdge,
      longestEdge: Math.max(longestEdge, shortestEdge),
      imageMean: scale(do_normalize ? image_mean : [0, 0, 0]),
      imageStd: scale(do_normalize ? image_std : [1, 1, 1]),
    },
    fields: fields.data,
  };
}

/** The config with another shortest edge, and the longest that goes with it (1333 to 800). */
export function withShortestEdge(config: PreprocessorConfig, shortestEdge: number): PreprocessorConfig {
  return { ...config, shortestEdge, longestEdge: longestEdgeFor(shortestEdge) };
}

/** The file's text with the sizes trained at; every other field as it was read. */
export function writePreprocessorConfig({ fields, config }: PreprocessorFile): string {
  const { max_size: _, ...rest } = fields;
  const kept: Record<string, unknown> = rest;
  // Pictures cannot be padded to less than they are.
  const padded = paddedTo.safeParse(kept.pad_size);
  if (padded.success && Math.min(padded.data.height, padded.data.width) < config.longestEdge) kept.pad_size = null;
  const size = { shortest_edge: config.shortestEdge, longest_edge: config.longestEdge };
  return `${JSON.stringify({ ...kept, size }, null, 2)}\n`;
}

/** The file of a model that has none: the original DETR's, at a shortest edge. */
export function defaultPreprocessorFile(shortestEdge = 800): PreprocessorFile {
  const fields = {
    image_processor_type: 'DetrImageProcessor',
    format: 'coco_detection',
    do_resize: true,
    size: { shortest_edge: shortestEdge, longest_edge: longestEdgeFor(shortestEdge) },
    resample: BILINEAR,
    do_rescale: true,
    rescale_factor: 0.00392156862745098,
    do_normalize: true,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
    do_convert_annotations: true,
    do_pad: true,
    pad_size: null,
  };
  return parsePreprocessorConfig(JSON.stringify(fields));
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${name} is not JSON; fetch it again from where the weights are.`;
    throw new StudioError('bad-config', message, {}, { cause });
  }
}
