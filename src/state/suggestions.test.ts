import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { DetectedBox, LookedAtPicture, ProposalRecord, RunSummary } from '../rpc/protocol.ts';
import { openProposals, proposalKey } from './labelling/proposals.ts';
import { settled, shownBoxes, testSample, testWorker } from './labelling/test-labelling.ts';
import { notDrawnYet } from './suggesting/proposed-boxes.ts';
import { proposalTallies } from './suggesting/tally.ts';
import { createSuggestionsStore, type SuggestingApi } from './suggestions.ts';
import { testRun } from './test-runs.ts';
import { BUNDLED_WEIGHTS } from './weights-choices.ts';

const cat = (score: number, x = 0): DetectedBox => ({
  label: 'Cat',
  labelId: 1,
  score,
  boxXyxyPx: [x, 0, x + 20, 20],
});
const bus = (score: number): DetectedBox => ({ label: 'bus', labelId: 0, score, boxXyxyPx: [50, 50, 70, 70] });

/** A set of five pictures, of which the third is labelled, and weights that find what `found` says. */
async function suggesting(found: Readonly<Record<string, readonly DetectedBox[]>>, classes = ['cat', 'dog']) {
  const samples = ['a', 'b', 'c', 'd', 'e'].map((id) => testSample(id, [], id === 'c'));
  const worker = testWorker(samples, classes);
  const labelling = worker.store;
  const looked: string[] = [];
  const kept: ProposalRecord[] = [];
  const faults: Error[] = [];
  const state = { isOpen: false, isTraining: false, opened: 0, runs: [] as readonly RunSummary[] };
  const api: SuggestingApi = {
    openProposer: async () => {
      state.isOpen = true;
      state.opened += 1;
      return { classes: ['bus', 'Cat'] };
    },
    closeProposer: async () => {
      state.isOpen = false;
    },
    lookAt: async (_, path): Promise<LookedAtPicture> => {
      if (!state.isOpen) throw new StudioError('not-found', 'None open.');
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      const id = path.replace('.jpg', '');
      looked.push(id);
      return { detections: found[id] ?? [], descriptor: Float32Array.from([1, 0]) };
    },
    proposalRecords: async () => kept.filter(({ weights }) => weights === 'older'),
    keepProposalRecord: async (_, record) => {
      kept.push(record);
    },
  };
  let now = 0;
  const store = createSuggestionsStore({
    api,
    labelling,
    runs: () => state.runs,
    listRuns: async () => undefined,
    isTraining: () => state.isTraining,
    clock: () => {
      now += 1;
      return now;
    },
  });
  /** As the editor does it. */
  const propose = (): void => {
    const { samples: all, at, labels } = labelling.getState();
    const { boxes, confidence, decided } = store.getState();
    labelling.getState().propose({
      boxes: notDrawnYet(boxes.get(all[at]?.id ?? '') ?? [], labels.boxes),
      confidence,
      onAccepted: (id, box) => decided(id, box, 'accepted'),
      onChanged: (id, box) => decided(id, box, 'changed'),
      onRefused: (id, box) => decided(id, box, 'refused'),
      onReopened: (id, box) => decided(id, box, null),
    });
  };
  await labelling.getState().open('set', null);
  await settled();
  return { store, labelling, looked, kept, state, faults, propose };
}

const proposed = (worker: Awaited<ReturnType<typeof suggesting>>): string[] => {
  worker.propose();
  const { proposals, decided } = worker.labelling.getState();
  return openProposals(proposals, decided).map(({ className, score }) => `${className} ${score}`);
};

test('the shown picture is looked at first, then what comes next, then the others; never a labelled one', async () => {
  const worker = await suggesting({});
  expect(worker.store.getState().phase).toBe('off');
  await worker.store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  expect(worker.looked).toHaveLength(4);
  expect(worker.looked[0]).toBe('a');
  expect(worker.looked).not.toContain('c');
  expect(worker.store.getState().looked).toEqual({ done: 4, of: 4 });
});

test('while a run goes on, only what is shown next is looked at', async () => {
  const worker = await suggesting({});
  worker.state.isTraining = true;
  await worker.store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  expect(worker.looked).toEqual(['a', 'b', 'd']);
});

test("boxes come under the set's names, each thing once, and none of a class that it lacks until that is asked for", async () => {
  const worker = await suggesting({ a: [cat(0.9), cat(0.6, 1), bus(0.8)] });
  await worker.store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  expect(proposed(worker)).toEqual(['cat 0.9']);
  expect(worker.store.getState().hasOthers).toBe(true);
  worker.store.getState().setOthers(true);
  expect(proposed(worker)).toEqual(['cat 0.9', 'bus 0.8']);
});

test('to a set without classes all that the weights know is proposed', async () => {
  const worker = await suggesting({ a: [cat(0.9), bus(0.8)] }, []);
  await worker.store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  expect(proposed(worker)).toEqual(['Cat 0.9', 'bus 0.8']);
  worker.labelling.getState().accept(true);
  expect(worker.labelling.getState().classes).toEqual(['Cat', 'bus']);
});

test('what is accepted, changed, refused and drawn is counted by picture, and undoing takes it back', async () => {
  const worker = await suggesting({ a: [cat(0.9), cat(0.8, 30), cat(0.7, 60), cat(0.3, 75)] });
  const { labelling, store, kept } = worker;
  await store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  const tally = () => proposalTallies(store.getState().records)[0];
  const decide = async (what: () => void): Promise<void> => {
    worker.propose();
    what();
    await settled();
  };
  await decide(() => labelling.getState().accept(true));
  expect(tally()).toMatchObject({ accepted: 3, changed: 0, refused: 0, left: 0, drawn: 0, right: 1 });
  await decide(() => labelling.getState().undo());
  expect(proposed(worker)).toHaveLength(3);
  expect(shownBoxes(labelling.getState())).toEqual([]);
  await decide(() => labelling.getState().draw([1, 60, 30, 75]));
  labelling.getState().step(1);
  expect(tally()).toMatchObject({ pictures: 1, accepted: 0, left: 3, drawn: 1, right: 0 });
  expect(kept.at(-1)).toMatchObject({ sampleId: 'a', proposed: 3, accepted: 0, drawn: 1 });
});

test('what was decided and all undone leaves no figure', async () => {
  const worker = await suggesting({ a: [cat(0.9), cat(0.8, 30)] });
  const { labelling, store } = worker;
  await store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  worker.propose();
  labelling.getState().accept(true);
  expect(proposalTallies(store.getState().records)).toMatchObject([{ accepted: 2 }]);
  labelling.getState().undo();
  labelling.getState().step(1);
  expect(proposalTallies(store.getState().records)).toEqual([]);
  expect(proposalTallies(worker.kept.slice(-1))).toEqual([]);
});

test('a class that is added takes the suggestions of its kind, and what was decided stays decided', async () => {
  const worker = await suggesting({ a: [cat(0.9), cat(0.8, 30), bus(0.7)] });
  const { labelling, store } = worker;
  await store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  worker.propose();
  const first = openProposals(labelling.getState().proposals, labelling.getState().decided)[0];
  labelling.getState().select([proposalKey(first ?? { className: '', score: 0, boxXyxyPx: [0, 0, 0, 0] })]);
  labelling.getState().remove();
  expect(proposed(worker)).toEqual(['cat 0.8']);
  labelling.getState().select([]);
  labelling.getState().addClass('Bus');
  await settled();
  expect(proposed(worker)).toEqual(['cat 0.8', 'Bus 0.7']);
  store.getState().setOthers(true);
  store.getState().setOthers(false);
  expect(proposed(worker)).toEqual(['cat 0.8', 'Bus 0.7']);

  const fresh = await suggesting({ a: [cat(0.9)], b: [cat(0.8)] }, []);
  await fresh.store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  fresh.labelling.getState().addClass('cat');
  expect(proposed(fresh)).toEqual(['cat 0.9']);
});

test('a picture that is no longer labelled is looked at', async () => {
  const worker = await suggesting({ c: [cat(0.9)] });
  const { labelling, store } = worker;
  labelling.getState().go(2);
  await store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  expect(proposed(worker)).toEqual([]);
  labelling.getState().review(false);
  await settled();
  expect(proposed(worker)).toEqual(['cat 0.9']);
});

test('pictures that were only looked at are not counted', async () => {
  const worker = await suggesting({ a: [cat(0.9)] });
  await worker.store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  worker.labelling.getState().step(1);
  expect(worker.kept).toEqual([]);
});

test('the next picture is the one that helps most; those that were shown are not offered again before the others', async () => {
  const worker = await suggesting({ b: [cat(0.99)], d: [cat(0.7)], e: [cat(0.5)] });
  const { labelling, store } = worker;
  await store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  const shown = (): string | undefined => labelling.getState().samples[labelling.getState().at]?.id;
  const next = (): string | undefined => {
    labelling.getState().stepToOpen(1);
    return shown();
  };
  expect([next(), next(), next(), next()]).toEqual(['e', 'd', 'b', 'a']);
  labelling.getState().stepToOpen(-1);
  expect(shown()).toBe('b');
  expect(store.getState().offered.find(({ sampleId }) => sampleId === 'e')?.reason).toBe(
    'Unsure of one box, such as cat at 0.50',
  );

  store.getState().setOrdered(false);
  labelling.getState().go(0);
  expect([next(), next(), next()]).toEqual(['b', 'd', 'e']);
});

test('weights that cannot be opened say why, and a worker that was started afresh gets them again', async () => {
  const worker = await suggesting({ a: [cat(0.9)] });
  const { store } = worker;
  worker.faults.push(new StudioError('not-found', 'None open.'));
  await store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  expect(proposed(worker)).toEqual(['cat 0.9']);
  worker.faults.push(new StudioError('gpu-lost', 'The graphics card was lost.'));
  await store.getState().choose(BUNDLED_WEIGHTS);
  await settled();
  expect(store.getState()).toMatchObject({ phase: 'failed', error: { message: 'The graphics card was lost.' } });
  await store.getState().retry();
  await settled();
  expect(store.getState().phase).toBe('open');
});

test('a run that goes on proposes with its newest checkpoint from the next picture on', async () => {
  const worker = await suggesting({ a: [cat(0.9)], d: [cat(0.8)] });
  const { store, labelling, state } = worker;
  state.runs = [testRun('r', { checkpointStep: 50 })];
  await store.getState().choose({ source: { kind: 'run', runId: 'r', checkpoint: 'last' }, name: 'r, last' });
  await settled();
  labelling.getState().step(1);
  await settled();
  expect(state.opened).toBe(1);
  state.runs = [testRun('r', { checkpointStep: 100 })];
  labelling.getState().go(3);
  await settled();
  expect(state.opened).toBe(2);
  expect(proposed(worker)).toEqual(['cat 0.8']);
});

test('leaving the editor closes the weights', async () => {
  const worker = await suggesting({});
  await worker.store.getState().choose(BUNDLED_WEIGHTS);
  await worker.labelling.getState().leave();
  await settled();
  expect(worker.state.isOpen).toBe(false);
  expect(worker.store.getState()).toMatchObject({ weights: null, phase: 'off' });
  expect(worker.labelling.getState().offered).toEqual([]);
});
