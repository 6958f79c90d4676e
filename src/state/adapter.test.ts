import { expect, test } from 'vitest';
import { createAdapterStore } from './adapter.ts';
import { adapterAdvice } from './adapter-advice.ts';

const CARD = { vendor: 'nvidia', architecture: 'ada', device: '', description: '', isFallbackAdapter: false };
const BUILT_IN = { ...CARD, vendor: 'intel', architecture: 'gen-12lp' };

test('a browser without WebGPU is told apart from one that has no adapter, and asking again can succeed', async () => {
  const store = createAdapterStore(() => undefined, 'Linux x86_64');
  await store.getState().ask();
  expect(store.getState().error).toMatchObject({ code: 'gpu-unavailable' });
  expect(store.getState().error?.message).toContain('no WebGPU');

  let offered: { info: object } | null = null;
  const gpu = { requestAdapter: async () => offered } as unknown as GPU;
  const second = createAdapterStore(() => gpu, 'Linux x86_64');
  await second.getState().ask();
  expect(second.getState().error?.message).toContain('offers no graphics adapter');
  offered = { info: CARD };
  await second.getState().ask();
  expect(second.getState()).toMatchObject({ report: { name: 'nvidia ada', software: false }, error: null });
});

test('on Windows, graphics built into the processor come with the way to the other card; elsewhere there is no advice', () => {
  expect(adapterAdvice(BUILT_IN, 'Win32')).toContain('High performance');
  expect(adapterAdvice(BUILT_IN, 'Linux x86_64')).toBeNull();
  expect(adapterAdvice({ ...BUILT_IN, description: 'Intel(R) Arc(TM) A770' }, 'Win32')).toBeNull();
  expect(adapterAdvice(CARD, 'Win32')).toBeNull();
  expect(adapterAdvice({ ...CARD, vendor: 'google', architecture: 'swiftshader' }, 'Win32')).toContain('processor');
});
