import { expect, test } from 'vitest';
import { chartCsv } from './chart-csv.ts';

test('a row a step, a column a line, empty where a line has no value', () => {
  const lines = [
    { label: 'total', colour: '--d-text' },
    { label: 'box, "L1"', colour: '#0072b2' },
  ];
  const values = [
    [2.5, 1e-7],
    [null, 0],
  ];
  expect(chartCsv({ lines, steps: [1, 2], values }, 'step')).toBe('step,total,"box, ""L1"""\r\n1,2.5,\r\n2,1e-7,0\r\n');
});
