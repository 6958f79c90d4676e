/**
 * Okabe and Ito's palette (without black, which is the colour of totals), then Paul Tol's "muted" hues: neighbours
 * differ for red-green and blue-yellow colour-blind eyes. The order is fixed: pages, charts and exported pictures agree.
 */
export const CLASS_COLOURS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#d55e00',
  '#56b4e9',
  '#f0e442',
  '#882255',
  '#44aa99',
  '#999933',
  '#aa4499',
  '#6699cc',
] as const;

/** What the colours are called, in their order. */
export const COLOUR_NAMES = [
  'blue',
  'orange',
  'green',
  'pink',
  'vermilion',
  'sky blue',
  'yellow',
  'wine',
  'teal',
  'olive',
  'purple',
  'steel blue',
] as const satisfies readonly string[] & { readonly length: (typeof CLASS_COLOURS)['length'] };

/** The colour `#rrggbb` of the class with this label id; a set of more classes than colours starts over. Negative ids count from the end. */
export function classColour(labelId: number): string {
  const count = CLASS_COLOURS.length;
  const index = ((Math.trunc(labelId) % count) + count) % count;
  return CLASS_COLOURS[index] ?? CLASS_COLOURS[0];
}

/** Black or white, whichever is read better on this `#rrggbb` (WCAG 2.2 relative luminance). */
export function inkOn(colour: string): '#000000' | '#ffffff' {
  const luminance =
    0.2126 * linear(colour.slice(1, 3)) + 0.7152 * linear(colour.slice(3, 5)) + 0.0722 * linear(colour.slice(5, 7));
  // The contrast with white is 1.05 / (l + 0.05), with black (l + 0.05) / 0.05.
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000';
}

function linear(hexPair: string): number {
  const value = Number.parseInt(hexPair, 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
