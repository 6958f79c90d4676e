import type { Spec } from 'vega';
import type { Sample } from '../../src/data/types.ts';
import { whole } from '../../src/ui/numbers.ts';
import { COLOURS, drawFigure, type Figure } from './figure.ts';

const PLOT = 420;
const LARGEST_AREA = 900;

/** How large the pictures are, as they are displayed: a disc a size, its area the number of pictures. */
export function pictureSizes(samples: readonly Sample[]): Promise<Figure> {
  const counts = new Map<string, { w: number; h: number; count: number }>();
  for (const { size } of samples) {
    const key = `${size.w} ${size.h}`;
    const counted = counts.get(key) ?? { ...size, count: 0 };
    counted.count += 1;
    counts.set(key, counted);
  }
  // The largest discs first, so that small ones lie on them.
  const sizes = [...counts.values()].sort((a, b) => b.count - a.count);
  const longest = Math.max(1, ...sizes.map(({ w, h }) => Math.max(w, h)));
  const usual = sizes[0];
  const spec: Spec = {
    width: PLOT,
    height: PLOT,
    data: [{ name: 'sizes', values: sizes }],
    scales: [
      { name: 'x', type: 'linear', domain: [0, longest], nice: true, range: 'width' },
      { name: 'y', type: 'linear', domain: [0, longest], nice: true, range: 'height' },
      { name: 'area', type: 'linear', domain: [0, usual?.count ?? 1], range: [0, LARGEST_AREA] },
    ],
    axes: [
      { scale: 'x', orient: 'bottom', title: 'width in pixels', grid: true, tickCount: 5, format: ',d' },
      { scale: 'y', orient: 'left', title: 'height in pixels', grid: true, tickCount: 5, format: ',d' },
    ],
    marks: [
      {
        type: 'symbol',
        from: { data: 'sizes' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'w' },
            y: { scale: 'y', field: 'h' },
            size: { signal: "max(12, scale('area', datum.count))" },
            fill: { value: COLOURS['--d-accent'] },
            fillOpacity: { value: 0.55 },
          },
        },
      },
    ],
  };
  const words =
    usual === undefined
      ? 'no picture'
      : sizes.length === 1
        ? `all are ${usual.w} x ${usual.h}`
        : `${whole(sizes.length)} sizes, most often ${usual.w} x ${usual.h} (${whole(usual.count)})`;
  return drawFigure({
    name: 'picture-sizes',
    title: 'Picture sizes',
    sentence: `Widths and heights of ${whole(samples.length)} pictures: ${words}.`,
    note: `${whole(samples.length)} pictures: ${words}`,
    spec,
  });
}
