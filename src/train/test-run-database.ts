import { StudioError } from '../base/errors.ts';
import { QUICK_SETTINGS } from './test-run.ts';
import type { KeptRecords, RecordKey, RunDatabase, RunSummary, StepRecord } from './types.ts';

/** Records in memory that can be made to refuse and to die, in the order in which IndexedDB keeps them. For tests only. */
export class TestRecords<Value> implements KeptRecords<Value> {
  readonly held = new Map<string, { readonly key: RecordKey; value: Value }>();
  /** How many changes are still made before the process "dies": then every one throws, and nothing happens. */
  changesLeft = Number.POSITIVE_INFINITY;
  /** What all buffers together may take; a put beyond it is refused. */
  quotaBytes = Number.POSITIVE_INFINITY;

  async get(key: RecordKey): Promise<Value | undefined> {
    return this.held.get(JSON.stringify(key))?.value;
  }

  async values(prefix: RecordKey): Promise<Value[]> {
    return this.#within(prefix).map(({ value }) => value);
  }

  async keys(prefix: RecordKey): Promise<RecordKey[]> {
    return this.#within(prefix).map(({ key }) => key);
  }

  async put(records: readonly (readonly [RecordKey, Value])[]): Promise<void> {
    this.#live();
    const bytes = [...this.held.values(), ...records.map(([, value]) => ({ value }))].reduce(
      (sum, { value }) => sum + (value instanceof ArrayBuffer ? value.byteLength : 0),
      0,
    );
    if (bytes > this.quotaBytes) throw new StudioError('storage', 'There is no room.', { freeBytes: 7 });
    for (const [key, value] of records) this.held.set(JSON.stringify(key), { key, value });
  }

  async update(key: RecordKey, change: (old: Value) => Value): Promise<boolean> {
    this.#live();
    const record = this.held.get(JSON.stringify(key));
    if (record) record.value = change(record.value);
    return record !== undefined;
  }

  async delete(prefix: RecordKey, from?: string | number): Promise<void> {
    this.#live();
    for (const key of await this.keys(prefix)) {
      const isAfter = from === undefined || compare([key[prefix.length] ?? ''], [from]) >= 0;
      if (isAfter) this.held.delete(JSON.stringify(key));
    }
  }

  #within(prefix: RecordKey): { readonly key: RecordKey; readonly value: Value }[] {
    const found = [...this.held.values()].filter(({ key }) => prefix.every((part, i) => key[i] === part));
    return found.toSorted((a, b) => compare(a.key, b.key));
  }

  #live(): void {
    if (this.changesLeft-- <= 0) throw new Error('killed');
  }
}

/** A database in memory. For tests only. */
export function testRunDatabase() {
  return {
    runs: new TestRecords(),
    metrics: new TestRecords(),
    checkpoints: new TestRecords(),
  } satisfies RunDatabase as {
    [Name in keyof RunDatabase]: RunDatabase[Name] extends KeptRecords<infer Value> ? TestRecords<Value> : never;
  };
}

function compare(a: RecordKey, b: RecordKey): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

/** The summary of a run that goes on. For tests only. */
export function keptSummary(id: string): RunSummary {
  return {
    id,
    name: id,
    note: '',
    status: 'going',
    message: null,
    dataSet: { id: 'painted', name: 'painted', hash: 'painted' },
    from: 'tiny',
    settings: QUICK_SETTINGS,
    classes: ['disc', 'square'],
    stepsDone: 0,
    checkpointStep: null,
    startedAtMs: 1,
    seconds: 0,
    best: null,
    bytes: 0,
  };
}

/** The record of a step with made-up figures. For tests only. */
export function stepRecordOf(step: number): StepRecord {
  const loss = 8 / step;
  const terms = { loss_ce: 1, loss_bbox: 1, loss_giou: 1, cardinality_error: 0, class_error: 0 };
  return { step, epoch: step / 4, loss, ...terms, lr: 1e-3, grad_norm: 1, images_per_second: 2 };
}
