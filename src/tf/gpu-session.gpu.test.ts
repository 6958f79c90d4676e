import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { createGpuSession } from './gpu-session.ts';
import { dispatch, emptyTensor, tf } from './index.ts';
import { sharedGpu } from './test-gpu.ts';

const session = sharedGpu();

/** What the device has reported, waiting until the report is there. */
async function reportOf(wait: number): Promise<unknown> {
  for (let waited = 0; waited <= wait; waited += 20) {
    try {
      session().throwIfFailed();
    } catch (error) {
      return error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

test('a tensor past the limit of the graphics card is refused with the settings to lower, and is not zeros', async () => {
  const { maxBufferSize, maxStorageBufferBindingSize } = session().device.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  let thrown: unknown;
  try {
    // Filled on the graphics card: nothing of that size is made here.
    tf.tidy(() => tf.fill([limit / 4 + 64], 1));
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(StudioError);
  expect(thrown).toMatchObject({ code: 'gpu-limit', details: { limitBytes: limit, neededBytes: limit + 256 } });
  expect(String(thrown)).toMatch(/needed.*at most.*Lower the image size or the batch/);
});

test('and the session goes on after that', async () => {
  const sum = tf.tidy(() => tf.fill([1000], 2).add(1).sum());
  expect(await sum.data()).toEqual(Float32Array.of(3000));
  sum.dispose();
});

test('what the device refuses is told once, with what it said', async () => {
  const layout = session().device.createBindGroupLayout({
    entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'storage' } }],
  });
  session().device.createBindGroup({ layout, entries: [] });
  const report = await reportOf(5000);
  expect(report).toBeInstanceOf(StudioError);
  expect(report).toMatchObject({ code: 'gpu-error' });
  expect(String(report)).toMatch(/refused a command: .*[Bb]ind ?[Gg]roup/s);
  expect(await reportOf(100)).toBeNull();
});

test('a program that is not compiled is named, with its variant and the adapter', async () => {
  const y = emptyTensor([4]);
  const buffers = [{ name: 'y', tensor: y, written: true }];
  const wgsl = '@compute @workgroup_size(1) fn main() { y[0] = nowhere; }';
  dispatch({ key: 'broken', variant: 'workgroup-64', buffers, uniforms: [], wgsl, workgroups: [1] });
  const submitted = y.data();
  // What the submission fails with is known before its cause is, and is not told.
  session().throwIfFailed();
  await submitted;
  const report = await reportOf(5000);
  expect(report).toMatchObject({
    code: 'gpu-error',
    details: { program: 'broken (variant workgroup-64)', adapter: session().adapter.name },
  });
  expect(String(report)).toMatch(/broken \(variant workgroup-64\) could not be compiled for .*nowhere/s);
  expect(String(report)).toContain(session().adapter.name);
  expect(await reportOf(100)).toBeNull();
  y.dispose();
});

test('the bytes of all buffers grow with what is put there', async () => {
  const before = session().allocatedBytes();
  const tensor = tf.fill([12_345 * 7], 1);
  await tensor.data();
  expect(session().allocatedBytes() - before).toBeGreaterThanOrEqual(12_345 * 7 * 4);
  tensor.dispose();
});

test('the adapter has a name', () => {
  expect(session().adapter.name).not.toBe('');
});

test.each([
  ['a browser without WebGPU', undefined, /no WebGPU/],
  ['a machine without an adapter', { requestAdapter: async () => null } as unknown as GPU, /no graphics adapter/],
])('%s is told what to do', async (_, gpu, message) => {
  const failure: unknown = await createGpuSession(gpu).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'gpu-unavailable', message: expect.stringMatching(message) });
});
