import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect } from 'vitest';

/** One mark that was drawn. */
export interface DrawnMark {
  /** The path's data. */
  readonly d: string;
  readonly fill: string | null;
  readonly stroke: string | null;
}

/** For tests: that it is well-formed, and what its texts say, in order. */
export function textsOf(svg: string): string[] {
  expect(XMLValidator.validate(svg)).toBe(true);
  const parser = new XMLParser({ parseTagValue: false, trimValues: false });
  return [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, inner = '']) => {
    const letters = inner.replace(/<\/tspan><tspan[^>]*>/g, ' ').replace(/<[^>]*>/g, '');
    return String(parser.parse(`<text>${letters}</text>`).text);
  });
}

/** For tests: the marks of one kind that stand for data, axes and legends left out. */
export function marksOf(svg: string, kind: 'rect' | 'line' | 'symbol' | 'rule'): DrawnMark[] {
  const groups = svg.matchAll(new RegExp(`<g class="mark-${kind} role-mark[^"]*"[^>]*>(.*?)</g>`, 'g'));
  return [...groups].flatMap(([, inner = '']) =>
    [...inner.matchAll(/<(?:path|line) ([^>]*)>/g)].map(([, attributes = '']) => ({
      d: attribute(attributes, 'd') ?? '',
      fill: attribute(attributes, 'fill'),
      stroke: attribute(attributes, 'stroke'),
    })),
  );
}

/** For tests: where a path goes, point by point. */
export function pointsOf({ d }: DrawnMark): [x: number, y: number][] {
  return [...d.matchAll(/[ML](-?[\d.e-]+),(-?[\d.e-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

/** For tests: the width and height of a rectangle's path. */
export function rectOf({ d }: DrawnMark): { x: number; y: number; w: number; h: number } {
  const [, x, y, w, h] = /^M(-?[\d.e-]+),(-?[\d.e-]+)h(-?[\d.e-]+)v(-?[\d.e-]+)h/.exec(d) ?? [];
  return { x: Number(x), y: Number(y), w: Number(w), h: Number(h) };
}

function attribute(attributes: string, name: string): string | null {
  return new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? null;
}
