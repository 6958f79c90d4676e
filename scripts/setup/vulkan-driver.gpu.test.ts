import { afterAll, expect, test } from 'vitest';
import { nodeGpu } from '../../src/platform/node/device.ts';

// The driver itself, without TensorFlow.js: what goes wrong here is the machine's, not the model's.

const MULTIPLY = `
@group(0) @binding(0) var<storage, read> a: array<f32, 4>;
@group(0) @binding(1) var<storage, read> b: array<f32, 4>;
@group(0) @binding(2) var<storage, read_write> product: array<f32, 4>;
@compute @workgroup_size(2, 2) fn main(@builtin(local_invocation_id) cell: vec3u) {
  let row = cell.y * 2u;
  product[row + cell.x] = a[row] * b[cell.x] + a[row + 1u] * b[2u + cell.x];
}`;

const adapter = await (await nodeGpu()).requestAdapter();
const device = await adapter?.requestDevice();
afterAll(() => device?.destroy());

test('a device is made, and it multiplies two 2x2 matrices', async () => {
  if (!device) throw new Error('No WebGPU adapter was found; `npm test` sets one up.');
  device.pushErrorScope('validation');
  const bufferOf = (values: readonly number[]) => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const buffer = device.createBuffer({ size: 16, usage });
    device.queue.writeBuffer(buffer, 0, new Float32Array(values));
    return buffer;
  };
  const buffers = [bufferOf([1, 2, 3, 4]), bufferOf([5, 6, 7, 8]), bufferOf([0, 0, 0, 0])] as const;
  const readback = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const module = device.createShaderModule({ code: MULTIPLY });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));

  const commands = device.createCommandEncoder();
  const pass = commands.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  commands.copyBufferToBuffer(buffers[2], 0, readback, 0, 16);
  device.queue.submit([commands.finish()]);
  await readback.mapAsync(GPUMapMode.READ);

  expect([...new Float32Array(readback.getMappedRange())]).toEqual([19, 22, 43, 50]);
  expect(await device.popErrorScope()).toBeNull();
});
