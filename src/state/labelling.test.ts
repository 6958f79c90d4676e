import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { ProposedBox } from './labelling/proposals.ts';
import { settled, shownBoxes, type TestWorker, testSample, testWorker } from './labelling/test-labelling.ts';

async function opened(worker: TestWorker, sampleId: string | null = null) {
  await worker.store.getState().open('set', sampleId);
  return () => worker.store.getState();
}

test('each finished action is kept at once, and boxes read again are those that were drawn', async () => {
  const worker = testWorker([testSample('a', [], false), testSample('b', [[1, 2, 30, 40]])]);
  const state = await opened(worker);
  state().draw([5, 6, 20, 30]);
  await settled();
  expect(worker.kept.get('a')).toEqual(testSample('a', [[5, 6, 20, 30]]));
  state().choose('dog');
  state().draw([50, 10, 60, 20]);
  await settled();
  expect(worker.kept.get('a')?.objects.map(({ className }) => className)).toEqual(['dog', 'dog']);
  expect(worker.writes.flat()).not.toContain('b');
  expect(state().saving).toEqual({ waiting: 0, failed: null });
});

test('undo and redo go over pictures without a limit, and show the picture that they change', async () => {
  const samples = Array.from({ length: 50 }, (_, i) => testSample(`p${i}`, [], false));
  const worker = testWorker(samples);
  const state = await opened(worker);
  for (let i = 0; i < 50; i += 1) {
    state().go(i);
    for (let n = 0; n < 4; n += 1) state().draw([n, n, n + 10, n + 10]);
  }
  for (let i = 0; i < 200; i += 1) state().undo();
  await settled();
  expect([...worker.kept.values()]).toEqual(samples);
  expect(state().samples[state().at]?.id).toBe('p0');
  expect(state().tally.notYet).toBe(50);
  for (let i = 0; i < 200; i += 1) state().redo();
  await settled();
  expect([...worker.kept.values()].every(({ objects }) => objects.length === 4)).toBe(true);
  expect(state().samples[state().at]?.id).toBe('p49');
  expect(state().tally.boxesByClass.get('cat')).toBe(200);
  state().undo();
  state().draw([1, 1, 3, 3]);
  state().redo();
  expect(state().said.text).toBe('Nothing to do again');
});

test('a write that fails is told and tried again, and the newest state of each picture is what is kept', async () => {
  const worker = testWorker([testSample('a'), testSample('b')]);
  const state = await opened(worker);
  worker.fault = new StudioError('storage', 'The disk is full.');
  state().draw([0, 0, 10, 10]);
  await settled();
  expect(state().saving).toMatchObject({ waiting: 1, failed: { message: 'The disk is full.' } });
  state().step(1);
  state().draw([0, 0, 10, 10]);
  state().draw([20, 20, 30, 30]);
  await settled();
  expect(state().saving.waiting).toBe(2);
  worker.fault = null;
  await worker.tick();
  expect(state().saving).toEqual({ waiting: 0, failed: null });
  expect(worker.kept.get('a')?.objects).toHaveLength(1);
  expect(worker.kept.get('b')?.objects).toHaveLength(2);
});

test('what could not be kept is still there when the set is left and opened again', async () => {
  const worker = testWorker([testSample('a')]);
  const state = await opened(worker);
  worker.fault = new StudioError('storage', 'The disk is full.');
  state().draw([0, 0, 10, 10]);
  await settled();
  await state().leave();
  await state().open('set', 'a');
  expect(shownBoxes(state())).toEqual(['cat 0 0 10 10']);
  worker.fault = null;
  state().retrySaving();
  await settled();
  expect(worker.kept.get('a')?.objects).toHaveLength(1);
});

test('reviewed and empty is not the same as not labelled, and a box drawn by mistake does not make it so', async () => {
  const worker = testWorker([testSample('open', [], false), testSample('cats', [[1, 1, 9, 9]])]);
  const state = await opened(worker);
  state().draw([0, 0, 10, 10]);
  state().remove();
  await settled();
  expect(worker.kept.get('open')).toMatchObject({ labelled: false, objects: [] });
  state().review(true);
  await settled();
  expect(worker.kept.get('open')).toMatchObject({ labelled: true, objects: [] });
  state().undo();
  expect(state().labels.labelled).toBe(false);
  // A wrong box of a labelled picture, deleted, leaves a picture where nothing is.
  state().step(1);
  state().select(state().labels.boxes.map(({ key }) => key));
  state().remove();
  await settled();
  expect(worker.kept.get('cats')).toMatchObject({ labelled: true, objects: [] });
});

test('next goes to the end and says so; next not labelled goes round the end', async () => {
  const labelled = ['a', 'b', 'c', 'd'].map((id) => testSample(id, [[1, 1, 5, 5]]));
  const worker = testWorker([...labelled.slice(0, 1), testSample('open', [], false), ...labelled.slice(1)]);
  const state = await opened(worker, 'd');
  state().step(1);
  expect(state().said.text).toBe('This is the last picture');
  state().stepToOpen(1);
  expect(state().samples[state().at]?.id).toBe('open');
  state().review(true);
  state().stepToOpen(1);
  expect(state().said.text).toBe('Every picture is labelled');
});

test('without a class the first box waits for one; new classes come to the end, and undo takes both back', async () => {
  const worker = testWorker([testSample('a', [], false)], []);
  const state = await opened(worker);
  state().draw([0, 0, 10, 10]);
  expect(state().labels.boxes).toHaveLength(0);
  state().addClass('  zebra ');
  state().addClass('ant');
  await settled();
  expect(worker.keptClasses).toEqual(['zebra', 'ant']);
  expect(shownBoxes(state())).toEqual(['ant 0 0 10 10']);
  state().undo();
  state().undo();
  await settled();
  expect(worker.keptClasses).toEqual([]);
  expect(worker.kept.get('a')).toMatchObject({ labelled: false, objects: [] });
  expect(state().chosenClass).toBe(null);
});

test('the boxes of the last picture, and copies, are cut to the picture that takes them', async () => {
  const small = { ...testSample('small'), size: { h: 20, w: 20 } };
  const worker = testWorker([
    testSample('a', [
      [5, 5, 50, 50],
      [30, 30, 40, 40],
    ]),
    small,
  ]);
  const state = await opened(worker);
  state().step(1);
  state().takeLast();
  expect(shownBoxes(state())).toEqual(['cat 5 5 20 20']);
  state().copy();
  state().paste();
  expect(state().labels.boxes).toHaveLength(2);
  expect(new Set(state().labels.boxes.map(({ key }) => key)).size).toBe(2);
});

test('presses of an arrow key are one step of the history', async () => {
  const worker = testWorker([
    testSample('a', [
      [5, 5, 20, 20],
      [50, 50, 60, 60],
    ]),
  ]);
  const state = await opened(worker);
  const key = state().labels.boxes[0]?.key ?? 0;
  for (let x = 6; x < 10; x += 1) state().place(new Map([[key, [x, 5, x + 15, 20]]]), 'moved', 'by keys');
  state().undo();
  expect(shownBoxes(state())[0]).toBe('cat 5 5 20 20');
  expect(state().history.done).toHaveLength(0);
});

test('several boxes are relabelled, marked and deleted as one', async () => {
  const worker = testWorker([
    testSample('a', [
      [5, 5, 20, 20],
      [50, 50, 60, 60],
      [1, 1, 3, 3],
    ]),
  ]);
  const state = await opened(worker);
  state().select(
    state()
      .labels.boxes.slice(0, 2)
      .map(({ key }) => key),
  );
  state().choose('dog');
  state().flag('difficult');
  await settled();
  expect(worker.kept.get('a')?.objects.map(({ className, difficult }) => [className, difficult])).toEqual([
    ['dog', true],
    ['dog', true],
    ['cat', false],
  ]);
  state().flag('difficult');
  state().remove();
  expect(state().labels.boxes).toHaveLength(1);
  expect(state().tally.boxesByClass.get('dog')).toBe(0);
});

test('where another tab edits, nothing is changed or written, and the right is taken once it is free', async () => {
  const worker = testWorker([testSample('a')]);
  worker.taken = true;
  const opening = worker.store.getState().open('set', null);
  for (let i = 0; i < 4; i += 1) {
    await settled();
    await worker.tick();
  }
  await opening;
  const state = () => worker.store.getState();
  expect(state().access).toBe('elsewhere');
  state().draw([0, 0, 10, 10]);
  expect(state().labels.boxes).toHaveLength(0);
  expect(worker.writes).toEqual([]);
  worker.kept.set('a', testSample('a', [[7, 7, 9, 9]]));
  worker.taken = false;
  await state().takeOver();
  expect(state().access).toBe('editing');
  expect(shownBoxes(state())).toEqual(['cat 7 7 9 9']);
});

test('proposals are accepted, changed and refused, each is told, and undo opens them again', async () => {
  const worker = testWorker([testSample('a', [], false)]);
  const state = await opened(worker);
  const told: string[] = [];
  const tell = (verdict: string) => (id: string, box: ProposedBox) => told.push(`${verdict} ${id} ${box.className}`);
  const proposed = (className: string, score: number, x: number): ProposedBox => ({
    className,
    score,
    boxXyxyPx: [x, 0, x + 10, 10],
  });
  state().propose({
    boxes: [proposed('cat', 0.9, 0), proposed('owl', 0.8, 20), proposed('cat', 0.7, 40), proposed('cat', 0.2, 60)],
    confidence: 0.5,
    onAccepted: tell('accepted'),
    onChanged: tell('changed'),
    onRefused: tell('refused'),
    onReopened: tell('reopened'),
  });
  const { createStageStore } = await import('./labelling/stage.ts');
  const stage = createStageStore(worker.store);
  stage.getState().setRoom({ h: 80, w: 100 });
  stage.getState().cycle(1);
  state().accept(false);
  expect(shownBoxes(state())).toEqual(['cat 0 0 10 10']);
  // The next one is selected, and a class that the set lacks is added with it.
  state().accept(false);
  await settled();
  expect(worker.keptClasses).toEqual(['cat', 'dog', 'owl']);
  stage.getState().arrow({ x: 1, y: 0 }, false, false);
  expect(shownBoxes(state())).toEqual(['cat 0 0 10 10', 'owl 20 0 30 10', 'cat 41 0 51 10']);
  state().undo();
  stage.getState().leaveOff();
  stage.getState().cycle(-1);
  state().remove();
  expect(told).toEqual(['accepted a cat', 'accepted a owl', 'changed a cat', 'reopened a cat', 'refused a cat']);
  state().undo();
  state().accept(true);
  expect(state().labels.boxes).toHaveLength(3);
});
