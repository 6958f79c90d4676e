import { StudioError } from '../base/errors.ts';
import { collectWeights, ofFile } from './checkpoint.ts';
import { type Checkpoint, type CheckpointFiles, readConfigs } from './checkpoint-files.ts';
import { type CheckedEntry, dataStartOf, readCheckedHeader } from './safetensors.ts';
import type { ByteSource } from './types.ts';

/** A checkpoint whose weights are read where they lie: in one file, or in several that an index names. */
export interface CheckpointParts extends Pick<CheckpointFiles, 'config' | 'preprocessor'> {
  readonly weights: readonly WeightsPart[];
}

export interface WeightsPart {
  /** For messages. */
  readonly name: string;
  readonly source: ByteSource;
}

interface OpenedPart extends WeightsPart {
  readonly dataStart: number;
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order in which they lie. */
  readonly entries: readonly CheckedEntry[];
}

/**
 * Reads a checkpoint a tensor at a time, so that beside the model itself no more than one tensor is in memory. `name` is what
 * to call it in messages.
 *
 * Throws `bad-weights`, `bad-config`, and what the sources throw; then nothing of it is loaded.
 */
export async function readCheckpointInParts(parts: CheckpointParts, name: string): Promise<Checkpoint> {
  const opened: OpenedPart[] = [];
  for (const part of parts.weights) opened.push(await openPart(part));
  const metadata = opened[0]?.metadata ?? new Map<string, string>();
  const configs = readConfigs(parts, metadata, name);
  const collector = collectWeights(configs.config, filesOfNames(opened), name);
  for (const { source, dataStart, entries } of opened) {
    for (const { name: tensor, dtype, shape, begin, end } of entries) {
      collector.take({ name: tensor, dtype, shape, data: await source.read(dataStart + begin, dataStart + end) });
    }
  }
  return { ...configs, weights: collector.weights() };
}

async function openPart({ name, source }: WeightsPart): Promise<OpenedPart> {
  try {
    const dataStart = dataStartOf(await source.read(0, Math.min(8, source.byteLength)), source.byteLength);
    const header = readCheckedHeader(await source.read(8, dataStart), source.byteLength - dataStart);
    const entries = header.entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
    return { name, source, dataStart, metadata: header.metadata, entries };
  } catch (error) {
    throw ofFile(error, name);
  }
}

function filesOfNames(parts: readonly OpenedPart[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const { name, entries } of parts) {
    for (const { name: tensor } of entries) {
      const before = files.get(tensor);
      if (before !== undefined) {
        const message = `The tensor "${tensor.slice(0, 120)}" stands in ${before} and in ${name}; expected it once. Fetch or export the weights again.`;
        throw new StudioError('bad-weights', message, { tensor: tensor.slice(0, 120), file: name });
      }
      files.set(tensor, name);
    }
  }
  return files;
}
