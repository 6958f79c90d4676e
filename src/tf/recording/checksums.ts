import { StudioError } from '../../base/errors.ts';
import type { BackendInternals } from '../backend-internals.ts';
import type { Observer } from './trace.ts';

const WORKGROUP = 256;
const STORAGE = 0x80 | 0x4; // STORAGE and COPY_SRC
const STAGING = 0x1 | 0x8; // MAP_READ and COPY_DST
const UNIFORM = 0x40;
const MOST = 1 << 16;

/** Order matters: each word is mixed with its place. */
const WGSL = /* wgsl */ `
@group(0) @binding(0) var<storage, read> words: array<u32>;
@group(0) @binding(1) var<storage, read_write> sum: array<u32>;
var<workgroup> partial: array<u32, ${WORKGROUP}>;

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  var total = 0u;
  for (var i = lane; i < arrayLength(&words); i += ${WORKGROUP}u) {
    total += (words[i] ^ (i * 0x9e3779b9u)) * 0x85ebca6bu;
  }
  partial[lane] = total;
  workgroupBarrier();
  if (lane > 0u) { return; }
  for (var i = 1u; i < ${WORKGROUP}u; i++) { total += partial[i]; }
  sum[0] = total;
}`;

/** What one dispatch left in the buffers that it was bound to. */
export interface DispatchSums {
  readonly label: string;
  /** Slots of the sums, one a storage buffer, in the order of its bindings. */
  readonly slots: readonly number[];
}

/** A checksum of every buffer that a dispatch is bound to, taken on the GPU right after it. */
export class Checksums {
  readonly #backend: BackendInternals;
  readonly #pipeline: GPUComputePipeline;
  readonly #sums: GPUBuffer;
  readonly #stride: number;
  readonly dispatches: DispatchSums[] = [];
  #next = 0;

  constructor(backend: BackendInternals) {
    const { device } = backend;
    this.#backend = backend;
    this.#stride = device.limits.minStorageBufferOffsetAlignment;
    const module = device.createShaderModule({ code: WGSL, label: 'checksum' });
    this.#pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
    this.#sums = device.createBuffer({ size: MOST * this.#stride, usage: STORAGE });
  }

  /** Adds the sums of a dispatch to its pass. */
  readonly observe: Observer = (pass, label, bound) => {
    const slots = bound.flatMap(({ buffer, offset = 0, size }) => {
      if ((buffer.usage & UNIFORM) !== 0) return [];
      const slot = this.#next++;
      if (slot >= MOST) throw new StudioError('internal', `A step has more than ${MOST} bound buffers.`);
      const words = { buffer, offset, size: size ?? buffer.size - offset };
      const sum = { buffer: this.#sums, offset: slot * this.#stride, size: 4 };
      const entries = [words, sum].map((resource, binding) => ({ binding, resource }));
      pass.setPipeline(this.#pipeline);
      pass.setBindGroup(
        0,
        this.#backend.device.createBindGroup({ layout: this.#pipeline.getBindGroupLayout(0), entries }),
      );
      pass.dispatchWorkgroups(1);
      return [slot];
    });
    this.dispatches.push({ label, slots });
  };

  /** Reads all sums, by slot, and frees what they stood in. */
  async read(): Promise<Uint32Array> {
    const { device, queue } = this.#backend;
    const bytes = Math.max(1, this.#next) * this.#stride;
    const staging = device.createBuffer({ size: bytes, usage: STAGING });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#sums, 0, staging, 0, bytes);
    queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const words = new Uint32Array(staging.getMappedRange());
    const sums = Uint32Array.from({ length: this.#next }, (_, slot) => words[(slot * this.#stride) / 4] ?? 0);
    staging.destroy();
    this.#sums.destroy();
    return sums;
  }
}
