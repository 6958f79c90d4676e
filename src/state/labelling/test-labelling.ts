import type { StoreApi } from 'zustand';
import type { DataSetIndex, Sample } from '../../rpc/protocol.ts';
import { createLabellingStore, type LabellingApi } from '../labelling.ts';
import type { LabellingState } from './state.ts';

/** A picture of 100 x 80 pixels with boxes of cats at these places. */
export function testSample(id: string, boxes: Sample['objects'][number]['boxXyxyPx'][] = [], labelled = true): Sample {
  const objects = boxes.map((boxXyxyPx) => ({ className: 'cat', boxXyxyPx, difficult: false, truncated: false }));
  return { id, imagePath: `${id}.jpg`, size: { h: 80, w: 100 }, objects, labelled: labelled || boxes.length > 0 };
}

export interface TestWorker {
  readonly store: StoreApi<LabellingState>;
  /** Samples as they are kept, by id. */
  readonly kept: Map<string, Sample>;
  keptClasses: readonly string[];
  /** Each write: the ids of its samples. */
  readonly writes: string[][];
  /** Thrown by writes while it is set. */
  fault: Error | null;
  /** Whether another tab has the right to edit. */
  taken: boolean;
  /** Runs what was put off, such as a retry. */
  tick(): Promise<void>;
}

/** A labelling store over a worker that keeps what it is given. */
export function testWorker(samples: readonly Sample[], classes: readonly string[] = ['cat', 'dog']): TestWorker {
  const kept = new Map(samples.map((sample) => [sample.id, sample]));
  let put: (() => void)[] = [];
  const api: LabellingApi = {
    dataSet: async (): Promise<DataSetIndex> => ({
      id: 'set',
      name: 'cats',
      classes: worker.keptClasses,
      samples: [...kept.values()],
      splits: {},
      problems: [],
      hash: '',
    }),
    beginEditing: async () => !worker.taken,
    endEditing: async () => undefined,
    editSamples: async (_, edited, added) => {
      worker.writes.push(edited.map(({ id }) => id));
      if (worker.fault !== null) throw worker.fault;
      for (const sample of structuredClone(edited)) kept.set(sample.id, sample);
      worker.keptClasses = added ?? worker.keptClasses;
    },
  };
  const worker: TestWorker = {
    store: createLabellingStore(api, {
      later: (work) => {
        put.push(work);
        return () => {
          put = put.filter((other) => other !== work);
        };
      },
    }),
    kept,
    keptClasses: classes,
    writes: [],
    fault: null,
    taken: false,
    async tick() {
      const due = put;
      put = [];
      for (const work of due) work();
      await settled();
    },
  };
  return worker;
}

/** Until everything that is under way and waits for nothing else is done. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The boxes of the shown picture: class and place. */
export function shownBoxes({ labels }: LabellingState): string[] {
  return labels.boxes.map(({ className, boxXyxyPx }) => `${className} ${boxXyxyPx.join(' ')}`);
}
