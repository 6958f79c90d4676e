/** Lengths that programs are written for. */
const LENGTHS = [4, 8, 16, 32, 64];
/** Four of the longest subgroups. */
const INVOCATIONS = 256;
const BYTES = 4 * INVOCATIONS;

const wgsl = (columns: number) => /* wgsl */ `
enable subgroups;
@group(0) @binding(0) var<storage, read_write> seen: array<u32>;
@compute @workgroup_size(${columns}, ${INVOCATIONS / columns})
fn main(@builtin(local_invocation_index) index: u32, @builtin(subgroup_invocation_id) lane: u32, @builtin(subgroup_size) size: u32) {
  seen[index] = size * 1000u + lane;
}`;

/**
 * How many invocations a subgroup of this device has, where each has as many and the rows of a workgroup that is as wide are its
 * subgroups, lane by lane; null where it has no subgroups, or they are otherwise. WGSL promises neither, so it is tried.
 */
export async function subgroupLanes(device: GPUDevice, info: GPUAdapterInfo): Promise<number | null> {
  const { subgroupMinSize: lanes, subgroupMaxSize } = info;
  if (!device.features.has('subgroups') || lanes !== subgroupMaxSize || !LENGTHS.includes(lanes)) return null;
  const seen = device.createBuffer({ size: BYTES, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const read = device.createBuffer({ size: BYTES, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  try {
    const module = device.createShaderModule({ code: wgsl(lanes) });
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
    const bindGroup = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: seen } }],
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(seen, 0, read, 0, BYTES);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const inOrder = new Uint32Array(read.getMappedRange()).every((value, i) => value === lanes * 1000 + (i % lanes));
    return inOrder ? lanes : null;
  } catch {
    // A compiler that refuses the program has no subgroups for us, and a device that is lost says so itself.
    return null;
  } finally {
    for (const buffer of [seen, read]) buffer.destroy();
  }
}
