import { expect, test } from 'vitest';
import { releasePool } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { runTraining } from './loop.ts';
import { planMemory } from './run-memory.ts';
import { paintedDataSet, QUICK_SETTINGS, TestRunStore, testRun, tinyCheckpoint } from './test-run.ts';

const session = sharedGpu();
const painted = paintedDataSet();
const { dataSet } = painted;
const from = tinyCheckpoint();

/** The most bytes that exist at once while `work` runs, over those that were there before. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  // What other tests have left pooled would serve this one.
  releasePool();
  const { device } = session();
  const create = device.createBuffer.bind(device);
  const before = session().allocatedBytes();
  let peak = 0;
  device.createBuffer = (descriptor) => {
    peak = Math.max(peak, session().allocatedBytes() + descriptor.size);
    return create(descriptor);
  };
  await work();
  Reflect.deleteProperty(device, 'createBuffer');
  return peak - before;
}

test.each([
  { name: 'all of it', change: {} },
  { name: 'two mini-batches', change: { accumulate: 2 } },
  { name: 'a frozen backbone', change: { freezeBackbone: true } },
  { name: 'layers computed again', change: { recompute: true } },
])('the memory that is planned for training $name is what training then takes', async ({ change }) => {
  // Enough steps for each padded size to be drawn.
  const settings = { ...QUICK_SETTINGS, steps: 24, evalEvery: 24, ...change };
  const { gpuBytes } = await planMemory({ from, dataSet, settings });
  const measured = await peakOf(() => runTraining(testRun(session(), painted, settings, new TestRunStore())));
  expect(Math.abs(gpuBytes / measured - 1), `planned ${gpuBytes}, measured ${measured}`).toBeLessThan(0.1);
});

test('what lowers the memory is named, and a size that does not fit with the largest that does', async () => {
  const settings = { ...QUICK_SETTINGS, size: 96 };
  const { gpuBytes, savings } = await planMemory({ from, dataSet, settings });
  expect(savings.map(({ change }) => change).toSorted()).toEqual(['batch', 'freezeBackbone', 'recompute', 'size']);
  for (const saving of savings) expect(saving.gpuBytes).toBeLessThan(gpuBytes);
  const huge = { ...QUICK_SETTINGS, batch: 64, size: 1333 };
  const failure = await planMemory({ from, dataSet, settings: huge }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'gpu-limit', message: expect.stringMatching(/largest size that fits .* px/) });
  const { largestSize } = (failure as { details: { largestSize: number } }).details;
  await expect(planMemory({ from, dataSet, settings: { ...huge, size: largestSize } })).resolves.toBeDefined();
  const larger = { ...huge, size: largestSize + 32 };
  await expect(planMemory({ from, dataSet, settings: larger })).rejects.toMatchObject({ code: 'gpu-limit' });
});
