import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { type ChartDrawing, chartSvg } from './chart-svg.ts';

const DRAWING: ChartDrawing = {
  title: 'Loss <of "a" & b>',
  sentence: 'It falls.',
  lines: [
    { label: 'first', colour: '--d-text' },
    { label: 'second', colour: '#0072b2', dash: [6, 4] },
  ],
  steps: [0, 50, 100],
  values: [
    [10, null, 1],
    [5, 0, null],
  ],
  xName: 'step',
  lastStep: 100,
  top: 10,
  log: false,
  tick: String,
  colourOf: (name) => (name.startsWith('--') ? '#111111' : name),
};

/** The curves' paths: those that are not filled. */
function curves(svg: string): string[] {
  return [...svg.matchAll(/<path d="([^"]*)" fill="none"/g)].map(([, path = '']) => path);
}

test('names with marks of their own stay well-formed, and the file says what it shows', () => {
  const svg = chartSvg(DRAWING);
  expect(XMLValidator.validate(svg)).toBe(true);
  const read = new XMLParser({ htmlEntities: true }).parse(svg);
  expect(read.svg.title).toBe('Loss <of "a" & b>');
  expect(read.svg.desc).toBe('It falls.');
});

test('a control character in a name does not break the file', () => {
  expect(XMLValidator.validate(chartSvg({ ...DRAWING, title: 'a\u0000b\u000bc' }))).toBe(true);
  expect(chartSvg({ ...DRAWING, title: 'a\u0000b\u000bc' })).toContain('<title>abc</title>');
});

test('lines go from corner to corner of the axes, over places without a value', () => {
  const [first] = curves(chartSvg(DRAWING));
  // 10 of 10 at step 0 is the top left, below title and one row of legend; 1 of 10 at the last step is a tenth up from the bottom.
  expect(first).toBe('M72 76L936 389.2');
});

test('on a logarithmic axis a tenth is a whole decade down, and what is not positive is left out', () => {
  const [first, second] = curves(chartSvg({ ...DRAWING, log: true }));
  expect(first).toBe('M72 76L936 424');
  expect(second?.match(/[ML]/g)).toHaveLength(1);
});

test('dash patterns and every name of the legend are in the file', () => {
  const svg = chartSvg(DRAWING);
  expect(svg.match(/stroke-dasharray="6 4"/g)).toHaveLength(2);
  expect(svg).toContain('>first</text>');
  expect(svg).toContain('>second</text>');
});

test('one line alone has no legend, and a long name is cut', () => {
  const { lines, values } = DRAWING;
  const one = chartSvg({ ...DRAWING, lines: lines.slice(0, 1), values: values.slice(0, 1) });
  expect(one).not.toContain('>first</text>');
  const long = [{ label: 'x'.repeat(200), colour: '#0072b2' }, ...lines.slice(1)];
  expect(chartSvg({ ...DRAWING, lines: long })).toContain(`>${'x'.repeat(47)}…</text>`);
});
