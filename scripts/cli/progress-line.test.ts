import { expect, test } from 'vitest';
import { type Progress, ProgressLine, progressText } from './progress-line.ts';

const half: Progress = { label: 'training', done: 5, total: 10, perSecond: 31.42, unit: 'images', secondsLeft: 240 };

function screen(isTTY: boolean) {
  const written: string[] = [];
  let nowMs = 0;
  const line = new ProgressLine({ isTTY, columns: 200, write: (text: string) => written.push(text) }, () => nowMs);
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { written, line, wait };
}

test('says how far, how fast and how long still', () => {
  expect(progressText(half)).toBe('training 5/10, 31.4 images/s, 4 min left');
  expect(progressText({ ...half, perSecond: null, secondsLeft: null, note: 'loss 3.2' })).toBe(
    'training 5/10, loss 3.2',
  );
  expect(progressText({ ...half, perSecond: 1234.5 })).toContain('1235 images/s');
});

test('a terminal shows a bar, drawn over itself, at most ten times a second and at the end', () => {
  const { written, line, wait } = screen(true);
  line.update(half);
  wait(50);
  line.update({ ...half, done: 6 });
  line.update({ ...half, done: 10 });
  expect(written).toHaveLength(2);
  expect(written[0]).toBe(`\r\x1b[2K[${'#'.repeat(12)}${'.'.repeat(12)}] training 5/10, 31.4 images/s, 4 min left`);
  expect(written[1]).toContain(`[${'#'.repeat(24)}] training 10/10`);
  line.clear();
  line.clear();
  expect(written.slice(2)).toEqual(['\r\x1b[2K']);
});

test('a log file gets a plain line every five seconds', () => {
  const { written, line, wait } = screen(false);
  for (let second = 0; second < 11; second++) {
    line.update(half);
    wait(1000);
  }
  line.clear();
  expect(written).toEqual(Array(3).fill('training 5/10, 31.4 images/s, 4 min left\n'));
});
