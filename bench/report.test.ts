import { expect, test } from 'vitest';
import { benchLines, ours, spreadRow } from './report.ts';
import { mapSpread, spreadOf } from './spread.ts';

test('rounds become medians with what they lay between, and peers a column each', () => {
  const row = spreadRow('matmul', { ours: spreadOf([2, 3, 1]), stock: spreadOf([8]), other: spreadOf([4, 5]) }, 'ms');
  expect(row).toEqual({
    name: 'matmul',
    ours: 2,
    stock: 8,
    peers: { other: 4.5 },
    unit: 'ms',
    spread: { ours: [1, 3], stock: [8, 8], other: [4, 5] },
  });
  expect(benchLines({ adapter: 'a card', suite: 'kernels', rows: [row, ours('peak', 1234.56, 'GFLOP/s')] })).toEqual([
    'Suite kernels on a card',
    '              ours       stock         other  stock / ours  unit',
    'matmul  2 (1 to 3)  8 (8 to 8)  4.5 (4 to 5)          4.00  ms',
    'peak       1,234.6           -             -             -  GFLOP/s',
  ]);
});

test('a rate made of times has its ends in order', () => {
  expect(mapSpread(spreadOf([2, 4, 5]), (ms) => 20 / ms)).toEqual({ median: 5, low: 4, high: 10 });
});
