import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { StudioError } from '../../base/errors.ts';
import { type BackendInternals, internalsOf, type TensorData } from '../backend-internals.ts';
import { forgetPipeline, writeListeners } from '../dispatch.ts';
import type { Binding, Command } from './command.ts';
import { hook } from './hook.ts';
import { standInBindGroup, standInBuffer, standInEncoder, standInPipeline } from './stand-ins.ts';

/** Sees each dispatch in its pass, with what it is bound to, and may add dispatches of its own. */
export type Observer = (pass: GPUComputePassEncoder, label: string, bound: readonly GPUBufferBinding[]) => void;

const CPU_FORWARD = 'WEBGPU_CPU_FORWARD';

/** A program that is to be compiled. */
export interface WantedProgram {
  readonly descriptor: GPUComputePipelineDescriptor;
  /** Keeps it, compiled, where it was asked for. */
  keep: (pipeline: GPUComputePipeline) => void;
}

/** What a stretch of work does on the GPU. */
export interface Trace {
  readonly commands: readonly Command[];
  /** Bytes of each buffer of the work itself, by its number. */
  readonly plannedBytes: readonly number[];
  /** The number of the buffer that each result stands in. */
  readonly results: readonly number[];
  /** Tensors from outside the work that it writes: what the CPU knows of them is old after each replay. */
  readonly written: ReadonlySet<TensorData>;
  /** Programs that were asked for and are not compiled, by what stands for them in the commands. */
  readonly programs: ReadonlyMap<GPUComputePipeline, WantedProgram>;
  /** Buffers with constants that were uploaded during the work: the caller's, to be given back. */
  readonly constants: readonly GPUBuffer[];
}

/**
 * Has tfjs go through `work`, which must be synchronous and returns its results, and writes down each dispatch of it, ours and
 * tfjs's. Nothing is computed and no memory taken; with `observe`, which then sees each dispatch after it, the work is run.
 *
 * A buffer that the work takes and gives back, or returns, is numbered as one of its own; one that it fills from the CPU is
 * kept as a constant; all others were there before. The results are disposed. Throws `internal` where the work does what
 * cannot be replayed.
 */
export function traceWork(work: () => readonly tf.Tensor[], observe?: Observer): Trace {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  flush(backend);
  const mayUseCpu = tf.env().getBool(CPU_FORWARD);
  const isRun = observe !== undefined;
  const commands: Command[] = [];
  const plannedBytes: number[] = [];
  const constants: GPUBuffer[] = [];
  /** The number of what a buffer holds now. */
  const held = new Map<GPUBuffer, number>();
  const filled = new Set<GPUBuffer>();
  const tensors = new Set<TensorData>();
  const programs = new Map<GPUComputePipeline, WantedProgram>();
  const uniforms = new Map<GPUBuffer, Uint8Array>();
  const groups = new Map<GPUBindGroup, GPUBindGroupDescriptor>();
  const { bufferManager, device, queue } = backend;
  let pipeline: GPUComputePipeline | null = null;
  let group: GPUBindGroupDescriptor | null = null;
  let observing = false;

  const bindingOf = ({ binding, resource }: GPUBindGroupEntry): Binding => {
    const { buffer, offset = 0, size } = resource as GPUBufferBinding;
    const bytes = size ?? buffer.size - offset;
    const uniform = uniforms.get(buffer);
    if (uniform) return { binding, size: bytes, source: { kind: 'uniform', bytes: uniform } };
    const id = held.get(buffer);
    if (id === undefined) return { binding, size: bytes, source: { kind: 'fixed', buffer, offset } };
    if (offset !== 0) throw new StudioError('internal', 'A program binds a part of a pooled buffer.');
    return { binding, size: bytes, source: { kind: 'planned', id } };
  };

  const restore = [
    hook(bufferManager, 'acquireBuffer', (acquire, size, usage, mapped, reuse) => {
      // What is filled from the CPU is mapped from the start, and never pooled: its values stay.
      if (mapped) {
        const constant = acquire(size, usage, mapped, false);
        // The pool takes back only what it has a list for.
        const pool = `${size}_${usage}`;
        if (!bufferManager.freeBuffers.has(pool)) bufferManager.freeBuffers.set(pool, []);
        filled.add(constant);
        return constant;
      }
      const buffer = isRun ? acquire(size, usage, mapped, reuse) : standInBuffer({ size, usage });
      if ((usage & GPUBufferUsage.STORAGE) === 0) return buffer;
      held.set(buffer, plannedBytes.length);
      plannedBytes.push(size);
      return buffer;
    }),
    hook(bufferManager, 'releaseBuffer', (release, buffer, reuse) => {
      const isOwn = held.delete(buffer) || (buffer.usage & GPUBufferUsage.STORAGE) === 0;
      if (filled.delete(buffer)) constants.push(buffer);
      else if (isRun || !isOwn) release(buffer, reuse);
    }),
    hook(backend, 'uploadToGPU', (upload, id) => {
      upload(id);
      tensors.add(backend.tensorMap.get(id));
    }),
    hook(queue, 'writeBuffer', (write, buffer, offset, data, dataOffset, size) => {
      if (isUniform(buffer)) uniforms.set(buffer, bytesOf(data as ArrayBuffer, dataOffset, size));
      if (isRun) write(buffer, offset, data, dataOffset, size);
    }),
    hook(queue, 'submit', (submit, buffers) => {
      if (isRun) submit(buffers);
    }),
    hook(device, 'createBindGroup', (create, descriptor) => {
      const made = isRun ? create(descriptor) : standInBindGroup();
      groups.set(made, { ...descriptor, entries: [...descriptor.entries] });
      return made;
    }),
    hook(device, 'createComputePipeline', (create, descriptor) => {
      if (isRun) return create(descriptor);
      const standIn = standInPipeline({ label: descriptor.label ?? '' });
      programs.set(standIn, { descriptor, keep: () => {} });
      return standIn;
    }),
    hook(device, 'createCommandEncoder', (create, descriptor) => {
      const encoder = isRun ? create(descriptor) : standInEncoder();
      // Both end with what they encode.
      hook(encoder, 'beginComputePass', (begin, ofPass) => watched(begin(ofPass)));
      hook(encoder, 'copyBufferToBuffer', () => {
        throw new StudioError('internal', 'The work copies from buffer to buffer, which is not recorded.');
      });
      return encoder;
    }),
  ];
  const watched = (pass: GPUComputePassEncoder): GPUComputePassEncoder => {
    hook(pass, 'setPipeline', (set, next) => {
      pipeline = next;
      return set(next);
    });
    hook(pass, 'setBindGroup', (set, ...args) => {
      group = (args[1] && groups.get(args[1])) ?? null;
      return set(...args);
    });
    hook(pass, 'dispatchWorkgroups', (dispatch, x, y = 1, z = 1) => {
      if (observing) return dispatch(x, y, z);
      if (!pipeline || !group) throw new StudioError('internal', 'A dispatch has no program or no bind group.');
      const bindings = [...group.entries].map(bindingOf);
      commands.push({ label: pipeline.label, pipeline, layout: group.layout, bindings, workgroups: [x, y, z] });
      dispatch(x, y, z);
      if (!observe) return;
      const bound = [...group.entries].map(({ resource }) => resource as GPUBufferBinding);
      observing = true;
      observe(pass, pipeline.label, bound);
      observing = false;
    });
    return pass;
  };
  const written = new Set<TensorData>();
  const hearWritten = (data: TensorData): void => {
    if (data.resource && !held.has(data.resource)) written.add(data);
  };
  writeListeners.add(hearWritten);
  // What tfjs computes on the CPU from small tensors would stand in the recording as a constant.
  tf.env().set(CPU_FORWARD, false);
  let made: readonly tf.Tensor[] = [];
  try {
    made = work();
    const results = made.map(({ dataId }) => {
      const { resource } = backend.tensorMap.get(dataId);
      return (resource && held.get(resource)) ?? -1;
    });
    flush(backend);
    if (results.includes(-1) || new Set(results).size !== results.length || held.size !== results.length) {
      throw new StudioError(
        'internal',
        'Recorded work must return what it holds at its end, each tensor once, and nothing that was there before.',
      );
    }
    tf.dispose([...made]);
    return { commands, plannedBytes, results, written, programs, constants };
  } catch (error) {
    flush(backend);
    tf.dispose([...made]);
    // What is kept elsewhere has no buffer of its own.
    for (const data of tensors) if (data.resource && held.has(data.resource) && !isRun) data.resource = null;
    for (const buffer of constants) bufferManager.releaseBuffer(buffer, false);
    throw error;
  } finally {
    tf.env().set(CPU_FORWARD, mayUseCpu);
    writeListeners.delete(hearWritten);
    for (const [standIn, program] of programs) program.keep = forgetPipeline(backend, standIn);
    for (const undo of restore) undo();
  }
}

/** Submits what the backend has encoded, and gives what waited for that back to the pool. */
export function flush(backend: BackendInternals): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}

function isUniform({ usage }: GPUBuffer): boolean {
  return (usage & GPUBufferUsage.UNIFORM) !== 0;
}

function bytesOf(data: ArrayBuffer, offset = 0, size = data.byteLength - offset): Uint8Array {
  return new Uint8Array(data.slice(offset, offset + size));
}
