import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { internalsOf } from './backend-internals.ts';
import { guardBufferSizes } from './buffer-limit.ts';
import { keepTraits, traitsOf } from './device-traits.ts';
import { standInBindGroup, standInBuffer, standInEncoder, standInPipeline } from './recording/stand-ins.ts';

const COUNTERS = ['numTensors', 'numDataBuffers', 'numBytes', 'numStringTensors'];

/**
 * Runs work on a device that allocates and computes nothing, and counts what it would have allocated: the most bytes of GPU
 * buffers at once, pooled ones too. The work makes all that it uses, models too, and what it reads back is zero. A device
 * must be open, whose limits count: throws `gpu-limit` where a buffer is past them. Nothing else may use tfjs meanwhile.
 */
export async function dryRun(work: () => Promise<void>): Promise<number> {
  // The engine's own field: kernels are looked up by the backend's name, which stays.
  const engine = tf.engine() as unknown as { backendInstance: WebGPUBackend; state: Record<string, unknown> };
  const real = engine.backendInstance;
  const counted = { bytes: 0, peak: 0 };
  const { device } = internalsOf(real);
  const { limits, features } = device;
  const counting = countingDevice(limits, features, counted);
  keepTraits(counting, traitsOf(device));
  const dry = new WebGPUBackend(counting, {} as GPUAdapterInfo);
  guardBufferSizes(internalsOf(dry), limits);
  const before = COUNTERS.map((name) => [name, engine.state[name]] as const);
  engine.backendInstance = dry;
  try {
    await work();
    return counted.peak;
  } finally {
    engine.backendInstance = real;
    // What work that was refused leaves behind goes with its device.
    Object.assign(engine.state, Object.fromEntries(before));
  }
}

function countingDevice(
  limits: GPUSupportedLimits,
  features: GPUSupportedFeatures,
  counted: { bytes: number; peak: number },
): GPUDevice {
  const nothing = () => {};
  const device = {
    limits,
    features,
    queue: { submit: nothing, writeBuffer: nothing, onSubmittedWorkDone: async () => {} },
    createBuffer(descriptor: GPUBufferDescriptor) {
      counted.bytes += descriptor.size;
      counted.peak = Math.max(counted.peak, counted.bytes);
      return standInBuffer(descriptor, () => {
        counted.bytes -= descriptor.size;
      });
    },
    createBindGroup: standInBindGroup,
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: () => ({}),
    createComputePipeline: standInPipeline,
    createComputePipelineAsync: async (descriptor: GPUComputePipelineDescriptor) =>
      standInPipeline({ label: descriptor.label ?? '' }),
    createCommandEncoder: standInEncoder,
    pushErrorScope: nothing,
    popErrorScope: async () => null,
    addEventListener: nothing,
  };
  return device as unknown as GPUDevice;
}
