import { z } from 'zod';

/** A whole number from 0. */
export const count = z.number().int().nonnegative();
/** A digest in hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A `Sample` as JSON has it, in whatever file: a mark that a box may have is added here alone. `name` is what ids and class names
 * are held to, `path` what a picture's path is.
 */
export function sampleSchema(name: z.ZodType<string> = z.string(), path: z.ZodType<string> = z.string()) {
  return z.object({
    id: name,
    imagePath: path,
    size: z.object({ h: count.positive(), w: count.positive() }),
    labelled: z.boolean(),
    objects: z.array(
      z.object({
        className: name,
        boxXyxyPx: z.tuple([z.number(), z.number(), z.number(), z.number()]),
        difficult: z.boolean(),
        truncated: z.boolean(),
        occluded: z.literal(true).exactOptional(),
        crowd: z.literal(true).exactOptional(),
      }),
    ),
  });
}

/** A `Problem` as JSON has it. */
export const problemSchema = z.object({
  file: z.string(),
  severity: z.union([z.literal('refused'), z.literal('warning')]),
  reason: z.string(),
});
