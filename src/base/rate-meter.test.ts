import { describe, expect, it } from 'vitest';
import { rateMeter } from './rate-meter.ts';

function meterAt(windowMs = 10_000) {
  let ms = 0;
  const meter = rateMeter(() => ms, windowMs);
  return { meter, at: (seconds: number) => (ms = seconds * 1000) };
}

describe('rateMeter', () => {
  it('knows no rate before two moments', () => {
    const { meter, at } = meterAt();
    expect(meter.rate(10)).toEqual({ perSecond: null, secondsLeft: null });
    meter.report(0);
    at(1);
    expect(meter.rate(10)).toEqual({ perSecond: null, secondsLeft: null });
    meter.report(2);
    expect(meter.rate(10)).toEqual({ perSecond: 2, secondsLeft: 4 });
  });

  it('gives no rate for two reports in the same instant', () => {
    const { meter } = meterAt();
    meter.report(0);
    meter.report(5);
    expect(meter.rate(10).perSecond).toBeNull();
  });

  it('follows the last seconds, not the whole run', () => {
    const { meter, at } = meterAt(5000);
    for (let second = 0; second <= 20; second += 1) {
      at(second);
      meter.report(second); // one a second
    }
    for (let second = 21; second <= 27; second += 1) {
      at(second);
      meter.report(20 + (second - 20) * 10); // then ten a second
    }
    expect(meter.rate(100)).toEqual({ perSecond: 10, secondsLeft: 1 });
  });

  it('has a rate for steps that are longer than the window', () => {
    const { meter, at } = meterAt(1000);
    for (const [index, second] of [0, 30, 60, 90].entries()) {
      at(second);
      meter.report(index);
    }
    expect(meter.rate(5).secondsLeft).toBeCloseTo(60, 9);
  });

  it('stands still between reports and falls when the next one is overdue', () => {
    const { meter, at } = meterAt();
    meter.report(0);
    at(2);
    meter.report(1);
    at(3.9);
    expect(meter.rate(10).perSecond).toBe(0.5);
    at(104);
    expect(meter.rate(10).perSecond).toBeCloseTo(1 / 102, 9);
  });

  it('says no time while nothing gets done', () => {
    const { meter, at } = meterAt();
    meter.report(3);
    at(1);
    meter.report(3);
    expect(meter.rate(10)).toEqual({ perSecond: 0, secondsLeft: null });
  });

  it('does not count a pause, and begins anew where the count goes back', () => {
    const { meter, at } = meterAt();
    meter.report(0);
    at(1);
    meter.report(4);
    meter.restart();
    at(601);
    meter.report(4);
    at(602);
    meter.report(8);
    expect(meter.rate(8)).toEqual({ perSecond: 4, secondsLeft: 0 });
    at(603);
    meter.report(0);
    expect(meter.rate(8).perSecond).toBeNull();
  });
});
