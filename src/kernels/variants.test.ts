import { expect, test } from 'vitest';
import { fastestOf } from './tune-variants.ts';
import { admittedVariants, defaultVariant, problemClass, VARIANTS } from './variants.ts';
import { workgroupTile } from './workgroup-tile.ts';

/** WebGPU's defaults, which every device has at least. */
const DEFAULTS = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16_384,
};
const admitted = (limits: Partial<typeof DEFAULTS>, lanes: number | null = null) =>
  admittedVariants({ variants: VARIANTS }, { limits: { ...DEFAULTS, ...limits } as GPUSupportedLimits, lanes });
const WITHOUT_SUBGROUPS = VARIANTS.filter((variant) => !variant.startsWith('subgroup'));

const problem = {
  operation: 'matmul nn',
  rows: 100,
  columns: 256,
  inner: 256,
  products: 1,
};

test('every variant fits a device of the default limits; smaller ones leave the tiles out that do not fit', () => {
  expect(admitted({}, 32)).toEqual(VARIANTS);
  expect(admitted({})).toEqual(WITHOUT_SUBGROUPS);
  expect(admitted({ maxComputeWorkgroupStorageSize: 8192 })).not.toContain('workgroup-128');
  expect(admitted({ maxComputeInvocationsPerWorkgroup: 128 })).toEqual([
    'registers',
    'registers-split',
    'workgroup-32',
  ]);
  expect(admitted({ maxComputeWorkgroupStorageSize: 4096 })).toEqual(['registers', 'registers-split']);
});

test('the largest tile goes deeper where it may take twice the default', () => {
  expect(workgroupTile('workgroup-128', DEFAULTS)?.depth).toBe(16);
  expect(workgroupTile('workgroup-128', { ...DEFAULTS, maxComputeWorkgroupStorageSize: 32_768 })?.depth).toBe(32);
});

test.each([
  ['a software adapter', { name: 'llvmpipe', software: true }, 100, 'subgroup'],
  ["Apple's card", { name: 'Apple M3 Pro', software: false }, 100, 'registers'],
  ['another card', { name: 'NVIDIA RTX 3060', software: false }, 100, 'workgroup-64'],
  ['another card, few rows', { name: 'NVIDIA RTX 3060', software: false }, 8, 'registers'],
])('where nothing was measured %s takes what is known of its kind', (_, adapter, rows, expected) => {
  expect(defaultVariant({ rows, columns: 256 }, VARIANTS, { adapter })).toBe(expected);
});

test('a software adapter without subgroups takes registers', () => {
  const adapter = { name: 'llvmpipe', software: true };
  expect(defaultVariant(problem, admitted({}), { adapter })).toBe('registers');
});

test('without workgroup memory any card takes registers', () => {
  const adapter = { name: 'NVIDIA RTX 3060', software: false };
  const variants = admitted({ maxComputeWorkgroupStorageSize: 4096 });
  expect(defaultVariant(problem, variants, { adapter })).toBe('registers');
});

test('lengths within a power of two are one class, other operations and larger sizes another', () => {
  const key = problemClass({ ...problem, variants: [], open: () => ({ run: () => {}, dispose: () => {} }) });
  const of = (change: Partial<typeof problem>) =>
    problemClass({ ...problem, ...change, variants: [], open: () => ({ run: () => {}, dispose: () => {} }) });
  expect(of({ rows: 128 })).toBe(key);
  expect(of({ rows: 129 })).not.toBe(key);
  expect(of({ operation: 'matmul nt' })).not.toBe(key);
});

test('a variant takes the place of the standard where it is clearly faster, and the fastest of those does', () => {
  const ms = (registers: number, tiled: number, larger: number) =>
    new Map([
      ['registers', registers],
      ['workgroup-32', tiled],
      ['workgroup-64', larger],
    ] as const);
  expect(fastestOf(ms(1, 0.97, 0.98), 'registers')).toBe('registers');
  expect(fastestOf(ms(1, 0.9, 0.8), 'registers')).toBe('workgroup-64');
  expect(fastestOf(ms(1, 0.8, 0.9), 'registers')).toBe('workgroup-32');
});
