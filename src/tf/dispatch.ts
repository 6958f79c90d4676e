import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { StudioError } from '../base/errors.ts';
import { type BackendInternals, internalsOf, type TensorData, type UniformValue } from './backend-internals.ts';
import { type DeviceTraits, traitsOf } from './device-traits.ts';
import type { UniformInput } from './inputs.ts';
import { watchPipeline } from './pipeline-failure.ts';
import { residentBuffer } from './resident-buffer.ts';

export interface DispatchInput {
  readonly name: string;
  readonly tensor: tf.TensorInfo;
  /** WGSL element type; f32 unless said otherwise. With vec4 the tensor's size has to be a multiple of four. */
  readonly type?: 'f32' | 'i32' | 'vec4<f32>';
  /** True where the program writes into it. The tensor keeps its buffer, and any copy on the CPU is forgotten. */
  readonly written?: boolean;
}

export interface DispatchUniform {
  readonly name: string;
  readonly type: 'i32' | 'u32' | 'f32';
  readonly value: number;
}

/** One dispatch of a program of our own. */
export interface DispatchSpec {
  /** Unique for this WGSL text: every constant that was put into the text must stand in it. */
  readonly key: string;
  /** Which of several ways to compute the same this is, where there are several: for people. */
  readonly variant?: string;
  readonly buffers: readonly DispatchInput[];
  /** Numbers that stay: a recording keeps them as they are. */
  readonly uniforms: readonly DispatchUniform[];
  /** Numbers that change from step to step, by the names that the program has for them. */
  readonly inputs?: Readonly<Record<string, UniformInput>>;
  /** WGSL extensions that the body uses; the device has to have their features. */
  readonly enables?: readonly string[];
  /** The body after the declarations of buffers (by name) and of `params` (the uniforms): functions and one `main`. */
  readonly wgsl: string;
  readonly workgroups: readonly [number, number?, number?];
}

/** Hear of each tensor that a program writes. */
export const writeListeners = new Set<(data: TensorData) => void>();

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();
const UNIFORM_TYPES = { i32: 'int32', u32: 'uint32', f32: 'float32' } as const;

/**
 * Records one dispatch of a WGSL program into the backend's open pass, in order with tfjs's own.
 *
 * Inputs and outputs are borrowed. Throws `gpu-limit` where a dimension of the dispatch is past the device's limit.
 */
export function dispatch(spec: DispatchSpec): void {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  const pipeline = pipelineFor(backend.device, spec);
  const [x, y = 1, z = 1] = spec.workgroups;
  const most = backend.device.limits.maxComputeWorkgroupsPerDimension;
  if (Math.max(x, y, z) > most) {
    throw new StudioError(
      'gpu-limit',
      `The program ${spec.key} needs ${Math.max(x, y, z)} workgroups in one direction, and this graphics card allows ${most}. Lower the image size or the batch.`,
    );
  }

  const resources = spec.buffers.map((buffer) => bufferOf(backend, buffer));
  const values: UniformValue[] = spec.uniforms.map((u) => ({ type: UNIFORM_TYPES[u.type], data: [u.value] }));
  const bindings: GPUBindingResource[] = resources.map((buffer) => ({ buffer }));
  if (values.length > 0) bindings.push(backend.makeUniforms(values));
  for (const { buffer } of Object.values(spec.inputs ?? {})) bindings.push({ buffer });
  const bindGroup = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: bindings.map((resource, binding) => ({ binding, resource })),
  });

  const pass = openPass(backend);
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(x, y, z);
  backend.dispatchCountInPass++;
  if (backend.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/** How many tensors one dispatch may have on this device. */
export function storageBuffersOfDevice(): number {
  return currentDevice().limits.maxStorageBuffersPerShaderStage;
}

/** The device that dispatches go to. */
export function currentDevice(): DeviceTraits {
  return traitsOf(internalsOf(tf.backend() as WebGPUBackend).device);
}

/** Allocates the buffer of a tensor that a dispatch will write; the caller owns the tensor. */
export function emptyTensor(shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  const info = backend.makeTensorInfo(shape, dtype);
  backend.uploadToGPU(info.dataId);
  return tf.engine().makeTensorFromTensorInfo(info);
}

function bufferOf(backend: BackendInternals, { tensor, written }: DispatchInput): GPUBuffer {
  const buffer = residentBuffer(backend, tensor);
  backend.commandQueueOwnedIds.add(tensor.dataId);
  if (written) {
    const data = backend.tensorMap.get(tensor.dataId);
    data.values = null;
    for (const hear of writeListeners) hear(data);
  }
  return buffer;
}

function openPass(backend: BackendInternals): GPUComputePassEncoder {
  backend.ensureCommandEncoderReady();
  if (backend.computePassEncoder) return backend.computePassEncoder;
  const pass = backend.commandEncoder?.beginComputePass();
  if (!pass) throw new StudioError('internal', 'The backend has made no command encoder.');
  (backend as { computePassEncoder: GPUComputePassEncoder }).computePassEncoder = pass;
  return pass;
}

function pipelineFor(device: GPUDevice, spec: DispatchSpec): GPUComputePipeline {
  const cache = pipelines.get(device) ?? new Map<string, GPUComputePipeline>();
  pipelines.set(device, cache);
  let pipeline = cache.get(spec.key);
  if (!pipeline) {
    const label = spec.variant ? `${spec.key} (variant ${spec.variant})` : spec.key;
    pipeline = watchPipeline(device, label, () => {
      const module = device.createShaderModule({ code: declarations(spec) + spec.wgsl, label });
      return device.createComputePipeline({
        layout: 'auto',
        compute: { module, entryPoint: 'main' },
        label,
      });
    });
    cache.set(spec.key, pipeline);
  }
  return pipeline;
}

/** Forgets a pipeline that tfjs and `dispatch` keep for its next use; returns what keeps another in its place. */
export function forgetPipeline(
  backend: BackendInternals,
  pipeline: GPUComputePipeline,
): (other: GPUComputePipeline) => void {
  const keepers: ((other: GPUComputePipeline) => void)[] = [];
  for (const [key, kept] of Object.entries(backend.pipelineCache)) {
    if (kept !== pipeline) continue;
    delete backend.pipelineCache[key];
    keepers.push((other) => {
      backend.pipelineCache[key] = other;
    });
  }
  const own = pipelines.get(backend.device);
  for (const [key, kept] of own ?? []) {
    if (kept !== pipeline) continue;
    own?.delete(key);
    keepers.push((other) => own?.set(key, other));
  }
  return (other) => {
    for (const keep of keepers) keep(other);
  };
}

function declarations({ buffers, uniforms, inputs = {}, enables = [] }: DispatchSpec): string {
  const lines = enables.map((extension) => `enable ${extension};`);
  const storage = buffers.map(({ name, type = 'f32', written }, i) => {
    const access = written ? 'read_write' : 'read';
    return `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;`;
  });
  lines.push(...storage);
  if (uniforms.length > 0) {
    lines.push(`struct Params { ${uniforms.map((u) => `${u.name}: ${u.type}`).join(', ')} }`);
    lines.push(`@group(0) @binding(${buffers.length}) var<uniform> params: Params;`);
  }
  const before = buffers.length + (uniforms.length > 0 ? 1 : 0);
  for (const [i, [name, { wgslType }]] of Object.entries(inputs).entries()) {
    lines.push(`@group(0) @binding(${before + i}) var<uniform> ${name}: ${wgslType};`);
  }
  return `${lines.join('\n')}\n`;
}
