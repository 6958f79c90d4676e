import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeGpu } from '../platform/node/device.ts';
import { createGpuSession, dispatch, emptyTensor, type GpuSession, type Tensor3D, tf } from '../tf/index.ts';
import { ownGpu } from '../tf/test-gpu.ts';
import { attentionComposed, fusedAttention } from './attention.ts';
import { measureVariants, takeKeptVariants } from './kept-variants.ts';
import { matmul } from './matmul.ts';
import { numbers, productInDouble, tolerance, worst } from './test-products.ts';
import { tuneVariants } from './tune-variants.ts';
import { takeVariants, unmeasuredProblems, type Variant, variantFor, variantTable } from './variants.ts';

ownGpu();

/** WebGPU's defaults, and no feature: what every adapter has. */
const DEFAULT_LIMITS = {
  maxBufferSize: 268_435_456,
  maxStorageBufferBindingSize: 134_217_728,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBuffersPerShaderStage: 8,
};

/** A name that is of no software adapter's. */
const CARD = { vendor: 'acme', architecture: 'anvil', device: '', description: 'Acme 3000', isFallbackAdapter: false };

/** The machine's adapter, of which no more is seen than that; under another name where one is given. */
function masked(gpu: GPU, info?: typeof CARD): GPU {
  const requestAdapter: GPU['requestAdapter'] = async (options) => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter) return null;
    const requestDevice: GPUAdapter['requestDevice'] = (wanted) => adapter.requestDevice(wanted);
    return {
      info: info ?? adapter.info,
      features: new Set<string>(),
      limits: DEFAULT_LIMITS,
      requestDevice,
    } as unknown as GPUAdapter;
  };
  return { requestAdapter } as unknown as GPU;
}

let session: GpuSession;
/** Programs for a product that were compiled, by name. */
let compiled: string[];

beforeEach(() => open());

async function open(info?: typeof CARD): Promise<void> {
  session = await createGpuSession(masked(await nodeGpu(), info));
  compiled = [];
  const create = session.device.createComputePipeline.bind(session.device);
  session.device.createComputePipeline = (descriptor) => {
    if (descriptor.label?.startsWith('matmul')) compiled.push(descriptor.label);
    return create(descriptor);
  };
}

afterEach(async () => {
  await session.device.queue.onSubmittedWorkDone();
  session.throwIfFailed();
  session.dispose();
});

const [M, N, K] = [64, 68, 40];

/** Whether the product is right, by whatever variant is taken. */
async function multiply(): Promise<void> {
  const [a, b] = [numbers(M * K, 1), numbers(K * N, 2)];
  const [x, w] = [tf.tensor2d(a, [M, K]), tf.tensor2d(b, [K, N])];
  const y = matmul(x, w);
  expect(worst(await y.data(), productInDouble(a, b, [M, N, K], false, false))).toBeLessThan(tolerance(K));
  tf.dispose([x, w, y]);
}

test('on a device of the default limits a product that was never measured is right, and so is the one that is taken for its size', async () => {
  expect(session.device.limits).toMatchObject({
    maxComputeWorkgroupStorageSize: 16_384,
    maxStorageBuffersPerShaderStage: 8,
  });
  await multiply();
  const [key = ''] = unmeasuredProblems().keys();
  expect(compiled).toEqual([expect.stringMatching(/\(variant registers\)$/)]);
  takeVariants({ [key]: 'workgroup-128' });
  await multiply();
  // The larger of its two depths would take 32 KiB.
  expect(compiled.at(-1)).toMatch(/-128x128x16 \(variant workgroup-128\)$/);
  takeVariants({ [key]: 'of another version' as Variant });
  await multiply();
  expect(compiled).toHaveLength(2);
});

test('without subgroups an attention and its gradients are those of the composed form', async () => {
  const of = (length: number, seed: number) => tf.tensor(numbers(2 * length * 16, seed), [2, length, 16]) as Tensor3D;
  const [q, k, v, dy] = [of(9, 1), of(7, 2), of(7, 3), of(9, 4)];
  const gradients = (attend: typeof fusedAttention) =>
    tf.grads((...args) => attend(...(args as [Tensor3D, Tensor3D, Tensor3D]), { heads: 2 }))([q, k, v], dy);
  const [ours, composed] = [gradients(fusedAttention), gradients(attentionComposed)];
  for (const [i, gradient] of ours.entries()) {
    expect(worst(await gradient.data(), (await composed[i]?.data()) ?? [Number.NaN])).toBeLessThan(1e-5);
  }
  tf.dispose([q, k, v, dy, ...ours, ...composed]);
});

test('a measurement takes one variant for each size that was asked for, and keeps to it', async () => {
  await multiply();
  const [key = ''] = unmeasuredProblems().keys();
  const { table, refused } = await tuneVariants();
  expect(refused).toEqual([]);
  expect(Object.keys(table)).toEqual([key]);
  expect(variantTable()).toEqual(table);
  expect(compiled).toHaveLength(4);
  await multiply();
  expect(unmeasuredProblems().size).toBe(0);
  expect((await tuneVariants()).table).toEqual({});
  expect(compiled).toHaveLength(4);
});

test('a measurement says how far it is, and one that is ended leaves what is taken where nothing was measured', async () => {
  await multiply();
  const controller = new AbortController();
  controller.abort();
  expect((await tuneVariants({ signal: controller.signal })).table).toEqual({});
  await multiply();
  expect(compiled).toHaveLength(1);
  const told: string[] = [];
  await tuneVariants({ onProgress: (done, total) => told.push(`${done} of ${total}`) });
  expect(told).toEqual(['0 of 1']);
});

test('what was measured on a card is taken in the next session, and nothing is measured on a processor', async () => {
  const kept = new Map<string, Readonly<Record<string, string>>>();
  const store = {
    read: async (name: string) => kept.get(name) ?? null,
    write: async (name: string, table: Readonly<Record<string, string>>) => void kept.set(name, table),
  };
  await multiply();
  await measureVariants(store);
  expect(kept.size).toBe(0);
  session.dispose();
  await open(CARD);
  await multiply();
  // What is taken before anything is measured.
  expect(compiled).toEqual([expect.stringMatching(/-64x64x16 \(variant workgroup-64\)$/)]);
  expect(await measureVariants(store)).toEqual([]);
  const table = variantTable();
  expect([...kept]).toEqual([[expect.stringContaining('Acme 3000'), table]]);
  session.dispose();
  await open(CARD);
  await takeKeptVariants(store);
  await multiply();
  expect(unmeasuredProblems().size).toBe(0);
  expect(variantTable()).toEqual(table);
});

test('a variant that the device does not compile is named and not taken', async () => {
  const y = emptyTensor([4]);
  const run = (variant: Variant) =>
    dispatch({
      key: `numbers-${variant}`,
      variant,
      buffers: [{ name: 'y', tensor: y, written: true }],
      uniforms: [],
      wgsl: `@compute @workgroup_size(1) fn main() { y[0] = ${variant === 'workgroup-32' ? 'nowhere' : '1.0'}; }`,
      workgroups: [1],
    });
  const problem = {
    ...{ operation: 'numbers', rows: 1, columns: 1, inner: 1, products: 1 },
    variants: ['registers', 'workgroup-32'] as const,
    open: () => ({ run, dispose: () => {} }),
  };
  variantFor(problem);
  const { refused } = await tuneVariants();
  expect(refused).toHaveLength(1);
  expect(refused[0]?.message).toContain('numbers-workgroup-32 (variant workgroup-32) could not be compiled');
  expect(variantFor(problem)).toBe('registers');
  y.dispose();
});
