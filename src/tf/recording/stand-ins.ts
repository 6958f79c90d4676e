/** Device objects that take every call and do nothing, for work that is written down and not run. */

const nothing = () => {};

/** A buffer that has a size and no memory; what is read from it is zero. */
export function standInBuffer(
  { size, usage, mappedAtCreation = false }: GPUBufferDescriptor,
  onDestroy: () => void = nothing,
): GPUBuffer {
  const own = {
    size,
    usage,
    mapState: mappedAtCreation ? 'mapped' : 'unmapped',
    mapAsync: async () => {},
    getMappedRange: () => new ArrayBuffer(size),
    unmap: nothing,
    destroy: onDestroy,
  };
  // tfjs tells buffers from textures by their class.
  const entries = Object.entries(own).map(([name, value]) => [name, { value }] as const);
  return Object.create(GPUBuffer.prototype, Object.fromEntries(entries)) as GPUBuffer;
}

export function standInBindGroup(): GPUBindGroup {
  return {} as GPUBindGroup;
}

/** Its passes and what it finishes with are of the same kind. */
export function standInEncoder(): GPUCommandEncoder {
  const pass = { setPipeline: nothing, setBindGroup: nothing, dispatchWorkgroups: nothing, end: nothing };
  const encoder = { beginComputePass: () => ({ ...pass }), copyBufferToBuffer: nothing, finish: () => ({}) };
  return encoder as unknown as GPUCommandEncoder;
}

export function standInPipeline({ label = '' }: { readonly label?: string }): GPUComputePipeline {
  return { label, getBindGroupLayout: () => ({}) } as unknown as GPUComputePipeline;
}
