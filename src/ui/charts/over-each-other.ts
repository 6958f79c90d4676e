/** One line before it is put on an axis with others. */
export interface Curve {
  /** Ascending. */
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface SharedAxis {
  /** Every place of any curve once, ascending. */
  readonly at: readonly number[];
  /** For each curve one value a place; null where the curve has none there. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** Puts curves that were measured at different places on one axis; nothing is interpolated. */
export function overEachOther(curves: readonly Curve[]): SharedAxis {
  const at = [...new Set(curves.flatMap((curve) => curve.at))].sort((one, other) => one - other);
  const place = new Map(at.map((x, index) => [x, index]));
  const values = curves.map((curve) => {
    const line = new Array<number | null>(at.length).fill(null);
    curve.at.forEach((x, index) => {
      line[place.get(x) ?? 0] = curve.values[index] ?? null;
    });
    return line;
  });
  return { at, values };
}

/** About `most` points of a curve, evenly chosen, its first and last among them; a curve that is short enough as it is. */
export function thinned(curve: Curve, most: number): Curve {
  const { length } = curve.at;
  if (length <= most) return curve;
  const chosen = Array.from({ length: most }, (_, index) => Math.round((index * (length - 1)) / (most - 1)));
  return {
    at: chosen.map((index) => curve.at[index] ?? 0),
    values: chosen.map((index) => curve.values[index] ?? null),
  };
}

/** The value of a line at a place, or the last one before it; null before its first and after its last. */
export function valueAround(line: readonly (number | null)[], index: number): number | null {
  const here = line[index];
  if (here !== null && here !== undefined) return here;
  const goesOn = line.some((value, later) => later > index && value !== null);
  if (!goesOn) return null;
  for (let before = index - 1; before >= 0; before -= 1) {
    const value = line[before];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
