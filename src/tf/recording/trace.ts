import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { StudioError } from '../../base/errors.ts';
import { type BackendInternals, internalsOf, type TensorData } from '../backend-internals.ts';
import { writeListeners } from '../dispatch.ts';
import type { Binding, Command } from './command.ts';
import { hook } from './hook.ts';

/** Sees each dispatch in its pass, with what it is bound to, and may add dispatches of its own. */
export type Observer = (pass: GPUComputePassEncoder, label: string, bound: readonly GPUBufferBinding[]) => void;

const CPU_FORWARD = 'WEBGPU_CPU_FORWARD';

/** What a stretch of work did on the GPU. */
export interface Trace<T> {
  readonly result: T;
  readonly commands: readonly Command[];
  /** Bytes of each buffer of the work itself, by its number. */
  readonly plannedBytes: readonly number[];
  /** The number of a pooled buffer that the work still holds at its end; undefined for any other. */
  readonly numberOf: (buffer: GPUBuffer) => number | undefined;
  /** How many pooled buffers it still holds. */
  readonly stillHeld: number;
  /** Tensors from outside the work that it writes: what the CPU knows of them is old after each replay. */
  readonly written: ReadonlySet<TensorData>;
  /** Buffers with constants that were uploaded during the work: the caller's, to be given back to the pool. */
  readonly constants: readonly GPUBuffer[];
}

/**
 * Runs `work`, which must be synchronous, and writes down each dispatch of it, ours and tfjs's.
 *
 * A buffer that the work takes from the pool and gives back is numbered as one of its own; one that it fills from the CPU is
 * kept as a constant; all others were there before. `observe` sees each dispatch after it. Throws `internal` where the work does what cannot be replayed.
 */
export function traceWork<T>(work: () => T, observe?: Observer): Trace<T> {
  const backend = internalsOf(tf.backend() as WebGPUBackend);
  flush(backend);
  const mayUseCpu = tf.env().getBool(CPU_FORWARD);
  const commands: Command[] = [];
  const plannedBytes: number[] = [];
  const constants: GPUBuffer[] = [];
  /** The number of what a pooled buffer holds now, or held last. */
  const held = new Map<GPUBuffer, number>();
  const live = new Set<GPUBuffer>();
  const filled = new Set<GPUBuffer>();
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
      const buffer = acquire(size, usage, mapped, reuse);
      if ((usage & GPUBufferUsage.STORAGE) === 0) return buffer;
      // Mapped from the start is what is filled from the CPU.
      if (mapped) {
        held.delete(buffer);
        filled.add(buffer);
      } else {
        held.set(buffer, plannedBytes.length);
        live.add(buffer);
        plannedBytes.push(size);
      }
      return buffer;
    }),
    hook(bufferManager, 'releaseBuffer', (release, buffer, reuse) => {
      live.delete(buffer);
      if (filled.delete(buffer)) constants.push(buffer);
      else release(buffer, reuse);
    }),
    hook(queue, 'writeBuffer', (write, buffer, offset, data, dataOffset, size) => {
      if (isUniform(buffer)) uniforms.set(buffer, bytesOf(data as ArrayBuffer, dataOffset, size));
      return write(buffer, offset, data, dataOffset, size);
    }),
    hook(device, 'createBindGroup', (create, descriptor) => {
      const made = create(descriptor);
      groups.set(made, { ...descriptor, entries: [...descriptor.entries] });
      return made;
    }),
    hook(GPUCommandEncoder.prototype, 'copyBufferToBuffer', (copy, ...args) => {
      const source = args[0];
      if ((source.usage & GPUBufferUsage.MAP_WRITE) === 0) {
        throw new StudioError('internal', 'The work copies from buffer to buffer, which is not recorded.');
      }
      return copy(...args);
    }),
    hook(GPUComputePassEncoder.prototype, 'setPipeline', (set, next) => {
      pipeline = next;
      return set(next);
    }),
    hook(GPUComputePassEncoder.prototype, 'setBindGroup', (set, ...args) => {
      group = (args[1] && groups.get(args[1])) ?? null;
      return set(...args);
    }),
    hook(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', (dispatch, x, y = 1, z = 1) => {
      if (observing) return dispatch(x, y, z);
      if (!pipeline || !group) throw new StudioError('internal', 'A dispatch has no program or no bind group.');
      const bindings = [...group.entries].map(bindingOf);
      commands.push({ label: pipeline.label, pipeline, layout: group.layout, bindings, workgroups: [x, y, z] });
      dispatch(x, y, z);
      const pass = backend.computePassEncoder;
      if (!observe || !pass) return;
      observing = true;
      observe(
        pass,
        pipeline.label,
        [...group.entries].map(({ resource }) => resource as GPUBufferBinding),
      );
      observing = false;
    }),
  ];
  const written = new Set<TensorData>();
  const hearWritten = (data: TensorData): void => {
    if (!data.resource || !live.has(data.resource)) written.add(data);
  };
  writeListeners.add(hearWritten);
  // What tfjs computes on the CPU from small tensors would stand in the recording as a constant.
  tf.env().set(CPU_FORWARD, false);
  try {
    const result = work();
    flush(backend);
    const numberOf = (buffer: GPUBuffer) => (live.has(buffer) ? held.get(buffer) : undefined);
    return { result, commands, plannedBytes, numberOf, stillHeld: live.size, written, constants };
  } catch (error) {
    flush(backend);
    for (const buffer of constants) bufferManager.releaseBuffer(buffer);
    throw error;
  } finally {
    tf.env().set(CPU_FORWARD, mayUseCpu);
    writeListeners.delete(hearWritten);
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
