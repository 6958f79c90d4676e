import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { StudioError } from '../../base/errors.ts';
import { type BackendInternals, internalsOf, type TensorData } from '../backend-internals.ts';
import { residentBuffer } from '../resident-buffer.ts';
import { Checksums } from './checksums.ts';
import type { Command } from './command.ts';
import { compilePrograms } from './compile-programs.ts';
import { firstDifference, type ReplayDifference } from './first-difference.ts';
import { hoisted } from './hoist.ts';
import { lifetimesOf, planMemory } from './plan-memory.ts';
import { type PacedCommands, pacedCommands, Submissions } from './submissions.ts';
import { flush, traceWork } from './trace.ts';
import { UniformBlocks } from './uniform-blocks.ts';

const STORAGE = 0x80 | 0x4 | 0x8; // STORAGE, COPY_SRC and COPY_DST, as tfjs's own buffers have them

interface Recording {
  readonly commands: readonly Command[];
  readonly plannedBytes: readonly number[];
  readonly constants: readonly GPUBuffer[];
  readonly written: readonly TensorData[];
  readonly uniforms: UniformBlocks;
  paced: PacedCommands | null;
  /** Kept over a new plan: what was measured does not hang on where buffers stand. */
  costsMs: Float64Array | null;
}

export interface RecordOptions {
  /** Where the work's results go in each replay; one tensor for each result, of its size, the caller's. */
  readonly into: readonly tf.Tensor[];
  /** Programs, by name, that run as soon as what they read is there, so that it need not live longer. */
  readonly hoist?: (label: string) => boolean;
}

/**
 * Work on the GPU that tfjs goes through once, and that is run without it from then on: no tape, no allocation, no new program.
 *
 * Several recordings, of which one runs at a time, share the blocks that their intermediate results stand in. What a
 * recording reads or writes beyond those (parameters, inputs, results) must keep its buffers for as long as the recording is
 * used: tensors that are written in place. Nothing of the work may hang on values that change: they belong into inputs.
 */
export class RecordedWork {
  readonly #backend: BackendInternals;
  readonly #submissions: Submissions;
  readonly #recordings = new Map<string, Recording>();
  #blocks: GPUBuffer[] | null = null;

  /** `submissionMs` is about how long one submission of a replay may hold the GPU. */
  constructor(submissionMs: number) {
    this.#backend = internalsOf(tf.backend() as WebGPUBackend);
    this.#submissions = new Submissions(this.#backend.device, this.#backend.queue, submissionMs);
  }

  has(key: string): boolean {
    return this.#recordings.has(key);
  }

  /** Dispatches of one replay. */
  dispatches(key: string): number {
    return this.#recordings.get(key)?.commands.length ?? 0;
  }

  /**
   * Writes down what `work` does and keeps it under that name; `work` is synchronous and returns its results, and is not run.
   * Its programs are compiled beside each other. Throws `internal` where it does what cannot be replayed, `gpu-error` where a
   * program is not compiled.
   */
  async record(key: string, work: () => readonly tf.Tensor[], { into, hoist }: RecordOptions): Promise<void> {
    const trace = traceWork(work);
    const homes = new Map(trace.results.map((number, i) => [number, this.#bufferOf(into[i])]));
    const compiled = await compilePrograms(this.#backend.device, trace.programs);
    const traced = trace.commands.map((command) => withProgram(command, compiled));
    const commands = hoist ? hoisted(traced, hoist) : traced;
    // What there is gets its place anew, together with this.
    this.release();
    this.#recordings.set(key, {
      commands: commands.map((command) => atHome(command, homes)),
      plannedBytes: trace.plannedBytes,
      constants: trace.constants,
      written: [...trace.written, ...into.map(({ dataId }) => this.#backend.tensorMap.get(dataId))],
      uniforms: new UniformBlocks(this.#backend, commands),
      paced: null,
      costsMs: null,
    });
  }

  /** Has tfjs go through `work` as `record` does, and keeps nothing of it: whoever listens learns what it does. */
  rehearse(work: () => readonly tf.Tensor[]): void {
    const { constants } = traceWork(work);
    for (const buffer of constants) this.#backend.bufferManager.releaseBuffer(buffer, false);
  }

  /** Runs that work. Resolves once all of it is submitted: what is read or written afterwards comes after it. */
  async replay(key: string): Promise<void> {
    const recording = this.#recordings.get(key);
    if (!recording) throw new StudioError('internal', `No work is recorded as "${key}".`);
    if (this.#backend.commandEncoder) flush(this.#backend);
    if (!this.#blocks) this.#plan();
    for (const data of recording.written) data.values = null;
    if (recording.paced) await this.#submissions.run(recording.paced);
  }

  /**
   * Runs that work by tfjs and then replays it, on the same inputs, and compares what every dispatch leaves in the buffers
   * that it is bound to; returns the first that differs, or null. For work that was recorded without hoisting and writes
   * nothing but its results.
   */
  async firstDifference(key: string, work: () => readonly tf.Tensor[]): Promise<ReplayDifference | null> {
    const run = new Checksums(this.#backend);
    const { constants } = traceWork(work, run.observe);
    for (const buffer of constants) this.#backend.bufferManager.releaseBuffer(buffer, false);
    const replay = new Checksums(this.#backend);
    this.#replayObserved(key, replay);
    return firstDifference(run.dispatches, await run.read(), replay.dispatches, await replay.read());
  }

  #replayObserved(key: string, { observe }: Checksums): void {
    const recording = this.#recordings.get(key);
    if (!this.#blocks) this.#plan();
    const encoder = this.#backend.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const [i, { pipeline, group, entries, workgroups }] of (recording?.paced?.commands ?? []).entries()) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...workgroups);
      const bound = entries.map(({ resource }) => resource as GPUBufferBinding);
      observe(pass, recording?.commands[i]?.label ?? '', bound);
    }
    pass.end();
    this.#backend.queue.submit([encoder.finish()]);
  }

  /** Gives the shared blocks back until the next replay. */
  release(): void {
    for (const block of this.#blocks ?? []) this.#backend.bufferManager.releaseBuffer(block, false);
    this.#blocks = null;
    for (const recording of this.#recordings.values()) recording.paced = null;
  }

  dispose(): void {
    this.release();
    for (const { constants, uniforms } of this.#recordings.values()) {
      for (const buffer of constants) this.#backend.bufferManager.releaseBuffer(buffer, false);
      uniforms.dispose();
    }
    this.#recordings.clear();
  }

  /** Puts the buffers of all recordings into shared blocks, and binds every command anew. */
  #plan(): void {
    const recordings = [...this.#recordings.values()];
    const { blocks, places } = planMemory(
      recordings.map(({ commands, plannedBytes }) => lifetimesOf(commands, plannedBytes)),
    );
    const buffers = blocks.map((bytes) => this.#backend.bufferManager.acquireBuffer(bytes, STORAGE, false, false));
    this.#blocks = buffers;
    for (const [i, recording] of recordings.entries()) {
      const blockOf = (id: number): GPUBuffer => {
        const buffer = buffers[places[i]?.[id] ?? -1];
        if (!buffer) throw new StudioError('internal', `Buffer ${id} of recorded work has no place.`);
        return buffer;
      };
      const paced = pacedCommands(
        recording.commands.map((command) => this.#bound(command, recording.uniforms, blockOf)),
        recording.costsMs,
      );
      recording.paced = paced;
      recording.costsMs = paced.costsMs;
    }
  }

  #bound(
    { pipeline, layout, bindings, workgroups }: Command,
    uniforms: UniformBlocks,
    blockOf: (id: number) => GPUBuffer,
  ) {
    const entries = bindings.map(({ binding, size, source }): GPUBindGroupEntry => {
      if (source.kind === 'uniform') return { binding, resource: { ...uniforms.placeOf(source.bytes), size } };
      if (source.kind === 'fixed') return { binding, resource: { buffer: source.buffer, offset: source.offset, size } };
      return { binding, resource: { buffer: blockOf(source.id), size } };
    });
    return { pipeline, group: this.#backend.device.createBindGroup({ layout, entries }), entries, workgroups };
  }

  #bufferOf(tensor: tf.Tensor | undefined): GPUBuffer {
    if (!tensor) throw new StudioError('internal', 'Recorded work returns more results than there are places for.');
    return residentBuffer(this.#backend, tensor);
  }
}

/** The command with its program as it was compiled. */
function withProgram(command: Command, compiled: ReadonlyMap<GPUComputePipeline, GPUComputePipeline>): Command {
  const pipeline = compiled.get(command.pipeline);
  return pipeline ? { ...command, pipeline, layout: pipeline.getBindGroupLayout(0) } : command;
}

/** The command with the results of the work in the buffers that they are to stand in. */
function atHome(command: Command, homes: ReadonlyMap<number, GPUBuffer>): Command {
  const bindings = command.bindings.map((binding) => {
    const home = binding.source.kind === 'planned' ? homes.get(binding.source.id) : undefined;
    return home ? { ...binding, source: { kind: 'fixed' as const, buffer: home, offset: 0 } } : binding;
  });
  return { ...command, bindings };
}
