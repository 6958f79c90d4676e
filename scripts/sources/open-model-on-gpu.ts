import { DetrForObjectDetection } from '../../src/detr/model.ts';
import type { Checkpoint } from '../../src/interop/checkpoint-files.ts';
import type { GpuSession } from '../../src/tf/index.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { openGpu } from './gpu.ts';

export interface ModelOnGpu {
  readonly session: GpuSession;
  readonly model: DetrForObjectDetection;
}

/** Opens the device and puts a checkpoint's model on it. Import this file once all input was looked at: it takes its time. */
export async function openModelOnGpu({ config, weights }: Checkpoint, context: CommandContext): Promise<ModelOnGpu> {
  const session = await openGpu(context);
  return { session, model: new DetrForObjectDetection(config, weights.values) };
}
