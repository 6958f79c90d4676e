import { expect, test } from 'vitest';
import { createStageStore } from './stage.ts';
import { shownBoxes, testSample, testWorker } from './test-labelling.ts';
import { toPicture } from './view.ts';

const MOUSE = { reachPx: 8, slipPx: 3, add: false };

/** A stage of the picture's own size and no margin beyond the view's, and places of the picture on it. */
async function opened(boxes: [number, number, number, number][] = []) {
  const worker = testWorker([testSample('a', boxes), testSample('b')]);
  await worker.store.getState().open('set', null);
  const stage = createStageStore(worker.store);
  stage.getState().setRoom({ h: 184, w: 224 });
  const at = (x: number, y: number) => {
    const { scale, x: left, y: top } = stage.getState().view;
    return { x: x * scale + left, y: y * scale + top };
  };
  const drag = (from: readonly [number, number], to: readonly [number, number], kind = MOUSE): void => {
    stage.getState().press(at(...from), kind);
    stage.getState().moveTo(at(...to));
    stage.getState().release();
  };
  const click = (x: number, y: number, kind = MOUSE): void => drag([x, y], [x, y], kind);
  return { worker, stage, at, drag, click, state: () => worker.store.getState() };
}

test('one drag draws a box, in another box too; a drag in the selected box moves it, on its corner resizes it', async () => {
  const { state, drag } = await opened([[0, 0, 100, 80]]);
  drag([10, 10], [30, 40]);
  expect(shownBoxes(state())[1]).toBe('cat 10 10 30 40');
  drag([20, 25], [25, 30]);
  expect(shownBoxes(state())[1]).toBe('cat 15 15 35 45');
  drag([35, 45], [40, 60]);
  expect(shownBoxes(state())[1]).toBe('cat 15 15 40 60');
  drag([500, 500], [-500, -500]);
  expect(shownBoxes(state())[2]).toBe('cat 0 0 100 80');
});

test('clicks go down through boxes that lie under each other, and several are taken with Shift', async () => {
  const { state, click } = await opened([
    [0, 0, 90, 70],
    [10, 10, 50, 50],
    [20, 20, 30, 30],
  ]);
  const places = () => state().selection.map((key) => state().labels.boxes.findIndex((box) => box.key === key));
  click(25, 25);
  expect(places()).toEqual([2]);
  click(25, 25);
  expect(places()).toEqual([1]);
  click(25, 25);
  expect(places()).toEqual([0]);
  click(25, 25);
  expect(places()).toEqual([2]);
  click(80, 60, { ...MOUSE, add: true });
  expect(places()).toEqual([2, 0]);
  click(99, 79);
  expect(places()).toEqual([]);
});

test('several are taken by presses alone while that is chosen, and moved together after', async () => {
  const { state, stage, click, drag } = await opened([
    [10, 10, 30, 30],
    [50, 10, 70, 30],
  ]);
  stage.getState().toggleSeveral();
  click(20, 20);
  click(60, 20);
  expect(state().selection).toHaveLength(2);
  click(60, 20);
  expect(state().selection).toHaveLength(1);
  click(60, 20);
  stage.getState().toggleSeveral();
  drag([20, 20], [25, 30]);
  expect(shownBoxes(state())).toEqual(['cat 15 20 35 40', 'cat 55 20 75 40']);
});

test('a box is drawn by keys alone: cursor, corner, cursor, corner', async () => {
  const { stage, state } = await opened();
  for (let n = 0; n < 20; n += 1) {
    stage.getState().draw();
    stage.getState().setCorner();
    stage.getState().arrow({ x: n % 2 === 0 ? 1 : -1, y: 0 }, true, false);
    stage.getState().arrow({ x: 0, y: 1 }, false, false);
    stage.getState().setCorner();
  }
  expect(state().labels.boxes).toHaveLength(20);
  expect(shownBoxes(state())[0]).toBe('cat 50 40 60 41');
  // The next one begins where the last one ended.
  expect(shownBoxes(state())[1]).toBe('cat 50 41 60 42');
  stage.getState().draw();
  stage.getState().setCorner();
  stage.getState().setCorner();
  expect(state().said.text).toContain('no area');
  stage.getState().leaveOff();
  expect(stage.getState().drawing).toBe(false);
});

test('two clicks draw a box where a new one was asked for', async () => {
  const { stage, state, click } = await opened();
  stage.getState().draw();
  click(10, 10);
  click(30, 20);
  expect(shownBoxes(state())).toEqual(['cat 10 10 30 20']);
});

test('arrows move the selected boxes as one step of the history, and change their size', async () => {
  const { stage, state, click } = await opened([[10, 10, 20, 20]]);
  click(15, 15);
  for (let i = 0; i < 3; i += 1) stage.getState().arrow({ x: 1, y: 0 }, true, false);
  stage.getState().arrow({ x: 0, y: 1 }, false, true);
  expect(shownBoxes(state())).toEqual(['cat 40 10 50 21']);
  for (let i = 0; i < 30; i += 1) stage.getState().arrow({ x: -1, y: 0 }, false, true);
  expect(shownBoxes(state())).toEqual(['cat 40 10 41 21']);
  state().undo();
  state().undo();
  expect(shownBoxes(state())).toEqual(['cat 10 10 20 20']);
});

test('nothing comes of a drag that is broken off, and nothing is drawn where the set is read only', async () => {
  const { worker, stage, at, state, drag } = await opened();
  stage.getState().press(at(10, 10), MOUSE);
  stage.getState().moveTo(at(30, 30));
  stage.getState().leaveOff();
  stage.getState().release();
  expect(state().labels.boxes).toHaveLength(0);
  worker.store.setState({ access: 'elsewhere' });
  drag([10, 10], [30, 30]);
  expect(stage.getState().drag).toBe(null);
  expect(worker.writes).toEqual([]);
});

test('enlarging keeps the point under the pointer, and the picture does not leave the stage', async () => {
  const { stage, at } = await opened();
  const place = at(30, 20);
  for (let i = 0; i < 8; i += 1) stage.getState().zoom(1.25, place);
  const point = toPicture(stage.getState().view, place);
  expect(point.x).toBeCloseTo(30, 6);
  expect(point.y).toBeCloseTo(20, 6);
  stage.getState().pan({ x: 9999, y: -9999 });
  const corner = toPicture(stage.getState().view, { x: 0, y: 184 });
  expect(corner.x).toBeCloseTo(-12 / stage.getState().view.scale, 6);
  expect(corner.y).toBeCloseTo(80 + 12 / stage.getState().view.scale, 6);
  stage.getState().fit();
  expect(stage.getState().view.scale).toBe(2);
});
