import { withLabels } from '../detr/config.ts';
import type { Checkpoint } from './checkpoint-files.ts';

/**
 * The checkpoint with what other programs ask of its config and older files lack: the class of its model, and both ways
 * between classes and ids. One that has all of it is returned as it is, so that it goes out as it came in.
 */
export function withCompleteConfig(checkpoint: Checkpoint): Checkpoint {
  const { config } = checkpoint;
  const { architectures, label2id } = config.raw;
  if (Array.isArray(architectures) && typeof label2id === 'object' && label2id !== null) return checkpoint;
  const { raw, ...rest } = withLabels(config, config.labels);
  return { ...checkpoint, config: { ...rest, raw: { architectures: ['DetrForObjectDetection'], ...raw } } };
}
