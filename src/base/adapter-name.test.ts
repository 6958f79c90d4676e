import { expect, test } from 'vitest';
import { type AdapterInfo, adapterName, isSoftwareAdapter } from './adapter-name.ts';

const NOTHING: AdapterInfo = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false };

test('an adapter is called by its description, else by what it is built of, else it is said to have no name', () => {
  expect(adapterName({ ...NOTHING, vendor: 'apple', description: 'Apple M3 Pro' })).toBe('Apple M3 Pro');
  expect(adapterName({ ...NOTHING, vendor: 'nvidia', architecture: 'ada' })).toBe('nvidia ada');
  expect(adapterName(NOTHING)).toBe('unnamed GPU');
});

test('drivers that compute on the processor are known by flag, name or architecture; cards are not taken for one', () => {
  expect(isSoftwareAdapter({ ...NOTHING, isFallbackAdapter: true })).toBe(true);
  expect(isSoftwareAdapter({ ...NOTHING, vendor: 'google', architecture: 'swiftshader' })).toBe(true);
  expect(isSoftwareAdapter({ ...NOTHING, description: 'llvmpipe (LLVM 19.1.7, 256 bits)' })).toBe(true);
  expect(isSoftwareAdapter({ ...NOTHING, vendor: 'nvidia', architecture: 'ada' })).toBe(false);
});
