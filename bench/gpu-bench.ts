import type { ParameterValues } from '../src/detr/parameters.ts';
import type { DetrConfig } from '../src/detr/types.ts';
import type { Checkpoint } from '../src/interop/checkpoint-files.ts';
import type { GpuSession } from '../src/tf/index.ts';
import type { Contender } from './interleave.ts';

/** The name that ONNX Runtime has in reports: in WebAssembly, on the processor. */
export const ONNX_RUNTIME = 'ONNX Runtime Web';

/** A model as ONNX in ONNX Runtime Web, on one square picture; `dispose` frees it. */
export interface OnnxPeer {
  readonly contender: Contender;
  /** Logits and boxes of the last decoder layer. */
  results(): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

/** Opens our own export of a model for pixels `[side, side, 3]`. */
export type OpenOnnxPeer = (
  config: DetrConfig,
  values: ParameterValues,
  pixelsNhwc: Float32Array,
  side: number,
) => Promise<OnnxPeer>;

/** What a suite that computes on a device is given. */
export interface GpuBench {
  readonly session: GpuSession;
  /** The bundled tiny model. */
  readonly tiny: Checkpoint;
  say(line: string): void;
  readonly signal: AbortSignal;
  /** Where the project's packages are: an export of ours in ONNX Runtime. */
  readonly openOnnxPeer?: OpenOnnxPeer;
}
