/** A buffer of the work itself: it holds something from one command of a recording to another, and nothing outside. */
export interface PlannedBuffer {
  readonly kind: 'planned';
  /** Numbered from 0 within a recording. */
  readonly id: number;
}

/** A buffer that is the same in every replay: a parameter, an input, a result, a constant. */
export interface FixedBuffer {
  readonly kind: 'fixed';
  readonly buffer: GPUBuffer;
  readonly offset: number;
}

/** A program's uniform block, which never changes. */
export interface UniformBlock {
  readonly kind: 'uniform';
  readonly bytes: Uint8Array;
}

/** What a program is given at one place of its bind group. */
export interface Binding {
  readonly binding: number;
  readonly size: number;
  readonly source: PlannedBuffer | FixedBuffer | UniformBlock;
}

/** One dispatch, as it was seen, with buffers of the work itself by number. */
export interface Command {
  /** The program's name, for people. */
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly bindings: readonly Binding[];
  readonly workgroups: readonly [number, number, number];
}
