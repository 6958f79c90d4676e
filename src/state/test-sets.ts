import type { DataSetSummary } from '../rpc/protocol.ts';

/** A set of 400 pictures unless `part` says otherwise. */
export function testSet(id: string, part: Partial<DataSetSummary> = {}): DataSetSummary {
  return {
    id,
    name: id,
    bundled: false,
    images: 400,
    boxes: 1220,
    classes: ['bus', 'cat'],
    splits: { train: 320, val: 80 },
    problems: 0,
    bytes: 3_900_000,
    hash: `hash of ${id}`,
    importedAtMs: 0,
    ...part,
  };
}
