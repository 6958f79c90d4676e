import { StudioError } from '../../base/errors.ts';
import type { BackendInternals } from '../backend-internals.ts';
import type { Command } from './command.ts';

const USAGE = 0x40 | 0x8; // UNIFORM and COPY_DST

/** The uniform blocks of a recording in one buffer, equal ones once. */
export class UniformBlocks {
  readonly #backend: BackendInternals;
  readonly #offsets = new Map<string, number>();
  readonly #buffer: GPUBuffer | null = null;

  constructor(backend: BackendInternals, commands: readonly Command[]) {
    this.#backend = backend;
    const alignment = backend.device.limits.minUniformBufferOffsetAlignment;
    const blocks: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
    let size = 0;
    for (const { bindings } of commands) {
      for (const { source } of bindings) {
        if (source.kind !== 'uniform' || this.#offsets.has(keyOf(source.bytes))) continue;
        this.#offsets.set(keyOf(source.bytes), size);
        blocks.push({ offset: size, bytes: source.bytes });
        size = Math.ceil((size + source.bytes.byteLength) / alignment) * alignment;
      }
    }
    if (size === 0) return;
    const all = new Uint8Array(size);
    for (const { offset, bytes } of blocks) all.set(bytes, offset);
    this.#buffer = backend.bufferManager.acquireBuffer(size, USAGE, false, false);
    backend.queue.writeBuffer(this.#buffer, 0, all);
  }

  /** Where a block with these bytes stands. */
  placeOf(bytes: Uint8Array): { readonly buffer: GPUBuffer; readonly offset: number } {
    const offset = this.#offsets.get(keyOf(bytes));
    if (!this.#buffer || offset === undefined) throw new StudioError('internal', 'A uniform block was not recorded.');
    return { buffer: this.#buffer, offset };
  }

  dispose(): void {
    if (this.#buffer) this.#backend.bufferManager.releaseBuffer(this.#buffer, false);
  }
}

function keyOf(bytes: Uint8Array): string {
  return bytes.join(',');
}
